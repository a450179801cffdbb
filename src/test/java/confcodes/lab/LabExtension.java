package confcodes.lab;

import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Gives live tests their {@link Lab}, one for all. Without an Asterisk they are skipped with the reason, or fail if {@code
 * CONFCODES_LIVE=required}. On a failure the end of Asterisk's log is printed.
 */
public final class LabExtension implements BeforeAllCallback, ParameterResolver, TestWatcher {

    /** The lab, or why there is none. JUnit closes it after the last test. */
    private record Shared(Optional<Lab> lab, String reason) implements AutoCloseable {

        static Shared start() {
            try {
                return new Shared(Optional.of(Lab.start()), "");
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
                .getStore(Namespace.create(LabExtension.class))
                .getOrComputeIfAbsent("lab", key -> Shared.start(), Shared.class);
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
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared(context).lab().orElseThrow();
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.out.println("Asterisk's log before the failure of " + context.getDisplayName() + ":\n"
                + shared(context).lab().orElseThrow().logTail());
    }
}
