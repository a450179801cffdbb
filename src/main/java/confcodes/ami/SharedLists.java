package confcodes.ami;

import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/**
 * One list for all callers that wait for a connection to list the same conference. It is asked for after the last of them has
 * come, so it is as fresh as a list of their own; a later caller waits for the next one. Safe for concurrent use.
 *
 * <p>Why: Asterisk takes 7 ms for a list of 500, and of 256 codes at once some waited in vain for one of 4 connections
 * ({@code src/lab/bench}).
 */
final class SharedLists {

    private final ConcurrentMap<String, CompletableFuture<List<Participant>>> notYetAsked = new ConcurrentHashMap<>();

    /** Asks the PBX for a list, and runs {@code begun} just before. */
    @FunctionalInterface
    interface Asking {
        List<Participant> ask(Runnable begun) throws PbxException;
    }

    /**
     * {@return a conference's list, asked for by this caller or by another who had not begun to ask}
     *
     * @throws PbxException what the asking threw
     */
    List<Participant> get(String conference, Asking asking) throws PbxException {
        CompletableFuture<List<Participant>> mine = new CompletableFuture<>();
        CompletableFuture<List<Participant>> first = notYetAsked.putIfAbsent(conference, mine);
        if (first != null) {
            return answer(first);
        }
        try {
            List<Participant> list = asking.ask(() -> notYetAsked.remove(conference, mine));
            mine.complete(list);
            return list;
        } catch (PbxException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            notYetAsked.remove(conference, mine);
        }
    }

    private static List<Participant> answer(CompletableFuture<List<Participant>> first) throws PbxException {
        try {
            return first.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PbxException(UNREACHABLE, "interrupted while waiting for a list", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PbxException failure) {
                throw new PbxException(failure.reason(), failure.getMessage(), failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
