package confcodes.ami;

import static confcodes.ami.AmiPeers.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.lab.Await;
import confcodes.lab.ScriptedAmi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who wait for a connection share a list that is asked for after all of them; nobody gets an older one. */
class SharedAnswersTest {

    private final ScriptedAmi ami = new ScriptedAmi();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger lists = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void close() {
        release.countDown();
        ami.close();
    }

    /** The first list waits for its release; each has one participant more than the one before. */
    private FutureTask<List<Participant>> askForOneThatWaits(AmiPbx pbx) {
        ami.on("ConfbridgeList", (peer, action) -> {
            int list = lists.incrementAndGet();
            if (list == 1) {
                awaitLatch(release);
            }
            ScriptedAmi.list("ConfbridgeList", rows(list)).play(peer, action);
        });
        pbx.open();
        FutureTask<List<Participant>> first = ask(pbx, "100");
        Await.until("it is asked for", () -> lists.get() == 1);
        return first;
    }

    private AmiPbx oneConnection() {
        return AmiPeers.server(ami, 1);
    }

    private FutureTask<List<Participant>> ask(AmiPbx pbx, String conference) {
        return start(() -> pbx.participants(conference));
    }

    private FutureTask<List<Participant>> start(Callable<List<Participant>> call) {
        FutureTask<List<Participant>> asking = new FutureTask<>(call);
        Thread thread = new Thread(asking);
        thread.start();
        threads.add(thread);
        return asking;
    }

    private static PbxException failure(FutureTask<List<Participant>> asking) {
        return (PbxException)
                assertThrows(ExecutionException.class, asking::get).getCause();
    }

    private void allButTheFirstWait() {
        Await.until(
                "they wait",
                () -> threads.stream()
                        .skip(1)
                        .allMatch(thread -> thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void Those_who_wait_for_a_connection_share_one_list_and_not_the_one_already_asked_for() throws Exception {
        try (AmiPbx pbx = oneConnection()) {
            FutureTask<List<Participant>> first = askForOneThatWaits(pbx);
            List<FutureTask<List<Participant>>> later = List.of(ask(pbx, "100"), ask(pbx, "100"), ask(pbx, "100"));
            allButTheFirstWait();
            release.countDown();

            assertEquals(1, first.get().size());
            for (FutureTask<List<Participant>> one : later) {
                assertEquals(2, one.get().size());
            }
            assertEquals(2, ami.received("ConfbridgeList").size());
            assertEquals(3, pbx.participants("100").size(), "who asks afterwards gets a new one");
        }
    }

    @Test
    void Another_conference_has_a_list_of_its_own() throws Exception {
        try (AmiPbx pbx = oneConnection()) {
            FutureTask<List<Participant>> first = askForOneThatWaits(pbx);
            FutureTask<List<Participant>> second = ask(pbx, "200");
            FutureTask<List<Participant>> third = ask(pbx, "300");
            allButTheFirstWait();
            release.countDown();

            assertEquals(1, first.get().size());
            assertEquals(5, second.get().size() + third.get().size());
            assertEquals(
                    List.of("100", "200", "300"),
                    ami.received("ConfbridgeList").stream()
                            .map(action -> action.get("Conference"))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void A_list_that_cannot_be_had_fails_for_all_who_wait_and_nobody_else_and_who_is_interrupted_waits_no_longer()
            throws Exception {
        SharedAnswers<List<Participant>> shared = new SharedAnswers<>();
        CountDownLatch asked = new CountDownLatch(1);
        FutureTask<List<Participant>> first = start(() -> shared.get("100", begun -> {
            asked.countDown();
            awaitLatch(release);
            throw new PbxException(PbxException.Reason.INCOMPLETE_LIST, "broke off");
        }));
        awaitLatch(asked);
        FutureTask<List<Participant>> second = start(() -> shared.get("100", begun -> List.of()));
        allButTheFirstWait();
        FutureTask<List<Participant>> interrupted = start(() -> shared.get("100", begun -> List.of()));
        threads.get(2).interrupt();
        assertEquals(PbxException.Reason.UNREACHABLE, failure(interrupted).reason());
        release.countDown();

        for (FutureTask<List<Participant>> one : List.of(first, second)) {
            PbxException failure = failure(one);
            assertEquals(PbxException.Reason.INCOMPLETE_LIST, failure.reason());
            assertEquals("broke off", failure.getMessage());
        }
        assertEquals(List.of(), shared.get("100", begun -> List.of()));
    }
}
