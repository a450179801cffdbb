package confcodes.agi;

import confcodes.agi.Code.Result;

/** Starts recording the conference, or stops it. Each is done also when it was so already. */
final class Recording {

    static final Code<String> START = Code.plain(
            "conference_record",
            "*31",
            "record the conference",
            moderation -> Result.of(moderation.record(true), Word.said(Prompt.RECORDING)));

    static final Code<String> STOP = Code.plain(
            "conference_record_stop",
            "*32",
            "stop recording",
            moderation -> Result.of(moderation.record(false), Word.said(Prompt.RECORDED)));

    private Recording() {}
}
