package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import confcodes.bench.ClusterTrial;
import confcodes.lab.Cluster;
import confcodes.lab.HaProxy;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A short run of {@code src/lab/cluster}: servers and PBXs fail while codes are pressed. Skipped without HAProxy. Alone, since it
 * looks at the clock.
 */
@LiveTest
@Isolated
class ClusterLiveIT {

    private static final Duration EACH = Duration.ofSeconds(8);
    private static final int MODERATORS = 3;

    @BeforeAll
    static void hasHaProxy() {
        HaProxy.whyNot().ifPresent(reason -> abort(reason));
    }

    @Test
    void HAProxy_takes_the_sample_without_a_warning() {
        assertEquals("", HaProxy.check().err());
    }

    @Test
    void what_a_server_or_a_PBX_does_to_codes() throws Lab.UnavailableException {
        List<ClusterTrial.Row> missed = new ArrayList<>();
        try (Cluster cluster = Cluster.start();
                ClusterTrial trial = new ClusterTrial(cluster, EACH, MODERATORS)) {
            for (ClusterTrial.Trial one : trial.all()) {
                ClusterTrial.Row row = one.run();
                System.out.println(row);
                if (!row.isMet()) {
                    missed.add(row);
                }
            }
        }
        assertTrue(missed.isEmpty(), missed::toString);
    }
}
