package confcodes.agi;

import confcodes.conference.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of a service code, or of one act of a code that acts several times. Immutable.
 *
 * @param time when it became so
 * @param pbx the name of the PBX; empty if it has none
 * @param by the caller's channel, as the request names it, such as {@code PJSIP/200-00000007}
 * @param isProved whether the peer has proved that it controls this channel; if not, none of its words can be believed
 * @param number the caller's caller ID number; empty if it is withheld or not known
 * @param conference the conference's name; empty if there is none
 * @param code the name of the code as the request has it, which need not be one of {@link Codes}
 * @param typed what the caller has typed, such as a number; in a roll call what the key meant, such as {@code kick}
 * @param outcome what came of it
 * @param took the time from the caller's last key, or from the beginning of the request, to the outcome
 */
public record CodeReport(
        Instant time,
        String pbx,
        String by,
        boolean isProved,
        String number,
        String conference,
        String code,
        String typed,
        Outcome outcome,
        Duration took) {}
