package confcodes.agi;

import confcodes.conference.Admission;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.asteriskjava.fastagi.AgiChannel;
import org.asteriskjava.fastagi.AgiException;
import org.asteriskjava.fastagi.AgiHangupException;
import org.asteriskjava.fastagi.AgiRequest;
import org.asteriskjava.fastagi.NamedAgiScript;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service code from the request to the last word: permission, what the subclass does, the line in the log, the channel
 * variables, the prompt. Safe for concurrent use.
 */
abstract class CodeScript implements NamedAgiScript {

    private static final Logger log = LoggerFactory.getLogger("confcodes.code");

    private final String code;
    private final Pbx pbx;
    private final AgiSettings settings;

    CodeScript(String code, Pbx pbx, AgiSettings settings) {
        this.code = code;
        this.pbx = pbx;
        this.settings = settings;
    }

    /** {@return the code's name in the request, such as {@code conference_mute}} */
    @Override
    public final String getName() {
        return code;
    }

    final AgiSettings settings() {
        return settings;
    }

    /**
     * Does what the code is for.
     *
     * @throws PbxException when the PBX fails
     * @throws AgiException when the caller has gone, or Asterisk does not understand
     */
    abstract Result run(Moderation moderation, Phone phone, Request request) throws PbxException, AgiException;

    @Override
    public final void service(AgiRequest agiRequest, AgiChannel channel) {
        Phone phone = new Phone(channel, settings);
        boolean unavailableByDialplan = false;
        String conference = "";
        Result result;
        try {
            Request request = Request.of(agiRequest);
            unavailableByDialplan = request.unavailableByDialplan();
            Admission admission = Admission.decide(pbx, settings.allow(), request.channel(), named(request, phone));
            conference = admission.conference();
            if (admission instanceof Admission.Granted granted) {
                result = run(granted.moderation(), phone, request);
            } else {
                result = Result.not(((Admission.Refused) admission).outcome());
            }
        } catch (PbxException e) {
            result = Result.not(Outcome.of(e));
        } catch (AgiHangupException e) {
            result = Result.not(Status.CANCELLED, "hung up");
        } catch (AgiException e) {
            result = Result.not(Status.CANCELLED, "not understood by Asterisk: " + e.getMessage());
        } catch (BadRequestException e) {
            result = Result.not(Status.DENIED, e.getMessage());
        } catch (RuntimeException e) {
            log.error("a fault in {}", code, e);
            result = Result.not(Status.UNAVAILABLE, "a fault of confcodes, see above");
        }
        log(agiRequest.getChannel(), conference, result, System.nanoTime() - phone.lastInput());
        boolean silent = unavailableByDialplan && result.outcome().status() == Status.UNAVAILABLE;
        tell(phone, result, silent);
    }

    private String named(Request request, Phone phone) throws AgiException {
        return request.conference().isEmpty() ? phone.variable("CONFNUM") : request.conference();
    }

    private void log(String by, String conference, Result result, long nanos) {
        Outcome outcome = result.outcome();
        log.info(
                "by={} conference={} code={} number={} channel={} outcome={} ms={}{}",
                LogValue.of(by),
                LogValue.of(conference),
                code,
                LogValue.of(result.number()),
                LogValue.of(outcome.channel()),
                outcome.status().name().toLowerCase(Locale.ROOT),
                TimeUnit.NANOSECONDS.toMillis(nanos),
                outcome.reason().isEmpty() ? "" : " reason=" + LogValue.of(outcome.reason()));
    }

    private void tell(Phone phone, Result result, boolean silent) {
        Outcome outcome = result.outcome();
        try {
            phone.setVariable("CONFCODES_CHANNEL", outcome.channel());
            phone.setVariable("CONFCODES_STATUS", outcome.status().name());
            if (!silent) {
                say(phone, result);
            }
        } catch (AgiException e) {
            log.debug("{} could not be told: {}", phone, e.getMessage());
        }
    }

    private static void say(Phone phone, Result result) throws AgiException {
        switch (result.outcome().status()) {
            case DONE -> result.announcement().to(phone);
            case NOTFOUND -> phone.say(Prompt.NOT_FOUND);
            case AMBIGUOUS -> phone.say(Prompt.AMBIGUOUS);
            case DENIED -> phone.say(Prompt.DENIED);
            case CANCELLED -> phone.say(Prompt.CANCELLED);
            case NOCONFERENCE -> phone.say(Prompt.NO_CONFERENCE);
            case UNAVAILABLE -> phone.say(Prompt.UNAVAILABLE);
        }
    }
}
