package confcodes.conference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

    @ParameterizedTest
    @CsvSource({
        "ADMIN, true, false, false",
        "MARKED, true, true, false",
        "ANYONE, true, true, true",
    })
    void each_policy_allows_what_it_says(Policy policy, boolean admin, boolean marked, boolean member) {
        assertEquals(admin, policy.allows(People.admin("PJSIP/101-00000001", "101")));
        assertEquals(marked, policy.allows(People.marked("PJSIP/101-00000001", "101")));
        assertEquals(member, policy.allows(People.member("PJSIP/101-00000001", "101")));
    }
}
