package confcodes.agi;

import java.util.Optional;
import org.asteriskjava.fastagi.AgiRequest;

/**
 * What a service code's request says. None of it is believed: the channel is proved, and the conference is compared with the
 * one that the channel stands in. Immutable.
 *
 * @param pbx the PBX's name, which stands before the code's in the URL; empty when there is none. It only says whom to ask for
 *     the proof
 * @param code the code's name, such as {@code conference_mute}; where the request is for {@link Codes#ANY}, that of the code
 *     whose own keys were typed first, if there is one
 * @param channel the calling channel's full name
 * @param uniqueId the calling channel's unique id
 * @param conference the conference named by the query parameter {@code conference} or the first argument, perhaps an empty
 *     name; empty when there is neither
 * @param number the query parameter {@code number}, which takes the place of keys
 * @param keys what the dialplan's own Read has read, after the code's own keys: the query parameters {@code keys} and
 *     {@code read}; empty when that is still to be read
 * @param token what a call of ours for the dialplan has brought back: the query parameter {@code token}; empty when there is none
 * @param dialStatus what became of an invitation's call, as DIALSTATUS has it: the query parameter {@code dial}
 * @param canWhisper whether Asterisk has ChanSpy(): not the query parameter {@code chanspy=0}
 * @param unavailableByDialplan whether the dialplan itself says that confcodes is unavailable: the query parameter {@code
 *     unavailable=dialplan}
 */
record Request(
        String pbx,
        String code,
        String channel,
        String uniqueId,
        Optional<String> conference,
        Optional<String> number,
        Optional<Typed> keys,
        String token,
        String dialStatus,
        boolean canWhisper,
        boolean unavailableByDialplan) {

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException when a parameter is not URL-encoded or appears twice
     */
    static Request of(AgiRequest request) {
        Optional<String> argument = Optional.ofNullable(request.getRequest().get("arg_1"));
        String path = String.valueOf(request.getScript());
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        String typed = parameter(request, "keys").orElse("");
        Optional<Code<?>> code = name.equals(Codes.ANY) ? Codes.typed(typed) : Optional.empty();
        String keys =
                code.map(Codes::own).map(own -> typed.substring(own.length())).orElse(typed);
        return new Request(
                path.substring(0, Math.max(0, slash)),
                code.map(Code::name).orElse(name),
                String.valueOf(request.getChannel()),
                String.valueOf(request.getUniqueId()),
                parameter(request, "conference").or(() -> argument),
                parameter(request, "number").filter(number -> !number.isEmpty()),
                parameter(request, "read")
                        .filter(status -> !status.isEmpty())
                        .map(status -> Typed.of(status, keys))
                        .filter(read -> code.isEmpty() || !keys.isEmpty() || read instanceof Typed.HungUp),
                parameter(request, "token").orElse(""),
                parameter(request, "dial").orElse(""),
                !parameter(request, "chanspy").equals(Optional.of("0")),
                parameter(request, "unavailable").equals(Optional.of("dialplan")));
    }

    private static Optional<String> parameter(AgiRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values.length > 1) {
            throw new IllegalArgumentException("the parameter " + name + " appears twice");
        }
        return values.length == 0 ? Optional.empty() : Optional.of(values[0]);
    }
}
