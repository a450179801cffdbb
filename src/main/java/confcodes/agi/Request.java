package confcodes.agi;

import org.asteriskjava.fastagi.AgiRequest;

/**
 * What a service code's request says. Immutable.
 *
 * @param channel the calling channel's full name
 * @param conference the conference named by the query parameter {@code conference} or the first argument; empty without
 * @param number the query parameter {@code number}, which takes the place of reading digits; empty without
 * @param unavailableByDialplan whether the dialplan itself says that confcodes is unavailable: the query parameter {@code
 *     unavailable=dialplan}
 */
record Request(String channel, String conference, String number, boolean unavailableByDialplan) {

    /**
     * Reads a request.
     *
     * @throws BadRequestException when a parameter is not URL-encoded or stands there twice
     */
    static Request of(AgiRequest request) {
        String parameter = parameter(request, "conference");
        String argument = request.getRequest().getOrDefault("arg_1", "");
        return new Request(
                request.getChannel(),
                parameter.isEmpty() ? argument : parameter,
                parameter(request, "number"),
                parameter(request, "unavailable").equals("dialplan"));
    }

    private static String parameter(AgiRequest request, String name) {
        try {
            String[] values = request.getParameterValues(name);
            if (values.length > 1) {
                throw new BadRequestException("the parameter " + name + " stands there twice");
            }
            return values.length == 0 ? "" : values[0];
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("a parameter is not URL-encoded: " + e.getMessage());
        }
    }
}
