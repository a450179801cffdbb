package confcodes.conference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {

    @ParameterizedTest
    @EnumSource(PbxException.Reason.class)
    void a_missing_right_is_denied_and_every_other_failure_is_unavailable(PbxException.Reason reason) {
        Status status = reason == PbxException.Reason.NOT_PERMITTED ? Status.DENIED : Status.UNAVAILABLE;

        assertEquals(Outcome.of(status, "why"), Outcome.of(new PbxException(reason, "why")));
    }
}
