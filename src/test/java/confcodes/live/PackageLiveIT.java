package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import confcodes.lab.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/** The Debian package on a booted Debian. */
@Isolated("it is timed")
@EnabledIfSystemProperty(
        named = "confcodes.deb",
        matches = ".+",
        disabledReason = "no package; the profile deb makes one")
class PackageLiveIT {

    private static final int UNAVAILABLE = 77;

    @Test
    void it_is_installed_started_frozen_upgraded_removed_and_purged() {
        Ran ran = Ran.of(new ProcessBuilder("src/lab/package", System.getProperty("confcodes.deb")));

        if ("required".equals(System.getenv("CONFCODES_LIVE"))) {
            assertNotEquals(UNAVAILABLE, ran.exitCode(), ran::err);
        }
        assumeTrue(ran.exitCode() != UNAVAILABLE, ran::err);
        assertEquals(0, ran.exitCode(), () -> ran.out() + ran.err());
    }
}
