package confcodes.live;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Gives a live test its {@link Lab}. Without an Asterisk the test is skipped with the reason, or fails when {@code
 * CONFCODES_LIVE=required}. On a failure the end of Asterisk's log is printed.
 */
final class LiveExtension implements BeforeAllCallback, ParameterResolver, TestWatcher {

    @Override
    public void beforeAll(ExtensionContext context) {
        Optional<Lab> lab = Lab.start();
        if (lab.isEmpty()) {
            if ("required".equals(System.getenv("CONFCODES_LIVE"))) {
                fail("CONFCODES_LIVE=required, but " + Lab.reason());
            }
            abort(Lab.reason());
        }
        context.getRoot().getStore(Namespace.create(LiveExtension.class)).getOrComputeIfAbsent("stop", key ->
                (AutoCloseable) Lab::stop);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Lab.start().orElseThrow();
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.out.println("Asterisk's log before the failure of " + context.getDisplayName() + ":\n"
                + Lab.start().orElseThrow().logTail());
    }
}
