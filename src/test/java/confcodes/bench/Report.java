package confcodes.bench;

/** The tables, in Markdown. */
final class Report {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder targets = new StringBuilder();

    Report heading(String heading) {
        text.append("\n## ").append(heading).append('\n');
        return this;
    }

    Report line(String line) {
        text.append('\n').append(line).append('\n');
        return this;
    }

    /** Begins a table; its columns are given as they stand in Markdown, but for the first and the last bar. */
    Report table(String columns) {
        int count = columns.split(" \\| ").length;
        text.append("\n| " + columns + " |\n|" + " --- |".repeat(count) + "\n");
        return this;
    }

    Report row(Object... cells) {
        text.append(markdown(cells));
        return this;
    }

    private static String markdown(Object... cells) {
        StringBuilder row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ')
                    .append(cell instanceof Double number ? Samples.print(number) : cell)
                    .append(" |");
        }
        return row.append('\n').toString();
    }

    /** A target: what was measured must not be more than a limit. */
    void atMost(String what, String unit, double measured, double limit) {
        target(what, unit, "≤ ", measured, limit, measured <= limit);
    }

    /** A target: what was measured must not be less than a limit. */
    void atLeast(String what, String unit, double measured, double limit) {
        target(what, unit, "≥ ", measured, limit, measured >= limit);
    }

    private void target(String what, String unit, String sign, double measured, double limit, boolean met) {
        long by = Math.round(Math.abs(measured / limit - 1) * 100);
        targets.append(markdown(
                what,
                sign + Samples.print(limit) + unit,
                Samples.print(measured) + unit,
                met ? "met" : "**missed** by " + by + " %"));
    }

    @Override
    public String toString() {
        return "\n## Targets\n\n" + markdown("what", "target", "measured", "") + "| --- | --- | --- | --- |\n" + targets
                + text;
    }
}
