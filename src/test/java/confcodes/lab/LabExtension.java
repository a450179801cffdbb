package confcodes.lab;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Runs {@link LiveTest}s: one lab for all that start it in the same way, a server for each class that wants one. */
final class LabExtension implements BeforeAllCallback, ParameterResolver, TestWatcher {

    private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

    /** The lab, or why there is none. JUnit closes it after the last test. */
    private record Shared(Optional<Lab> lab, String reason) implements AutoCloseable {

        static Shared start(List<String> arguments) {
            try {
                return new Shared(Optional.of(Lab.start(arguments)), "");
            } catch (Lab.UnavailableException e) {
                return new Shared(Optional.empty(), e.getMessage());
            }
        }

        @Override
        public void close() {
            lab.ifPresent(Lab::close);
        }
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(List.of(test(context).start()), Shared::start, Shared.class);
    }

    private static LiveTest test(ExtensionContext context) {
        return context.getRequiredTestClass().getAnnotation(LiveTest.class);
    }

    private static Lab lab(ExtensionContext context) {
        return shared(context).lab().orElseThrow();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Shared shared = shared(context);
        if (shared.lab().isEmpty()) {
            if ("required".equals(System.getenv("CONFCODES_LIVE"))) {
                Assertions.fail("CONFCODES_LIVE=required, but " + shared.reason());
            }
            Assumptions.abort(shared.reason());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Lab.class || type == ServerProcess.class;
    }

    /** A constructor's parameters are resolved in the class's context: its server ends with the class. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Lab lab = lab(context);
        if (parameter.getParameter().getType() == Lab.class) {
            return lab;
        }
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        ServerProcess.class, key -> lab.serve(test(context).serve()), ServerProcess.class);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.out.println("Asterisk's log before the failure of " + context.getDisplayName() + ":\n"
                + lab(context).logTail());
    }
}
