package confcodes.bench;

import java.util.ArrayList;
import java.util.List;

/** The tables, in Markdown. */
final class Report {

    private final StringBuilder text = new StringBuilder();
    private final List<String[]> targets = new ArrayList<>();

    Report heading(String heading) {
        text.append("\n## ").append(heading).append('\n');
        return this;
    }

    Report line(String line) {
        text.append('\n').append(line).append('\n');
        return this;
    }

    Report table(String... columns) {
        text.append('\n');
        row((Object[]) columns);
        text.append("|").append(" --- |".repeat(columns.length)).append('\n');
        return this;
    }

    Report row(Object... cells) {
        text.append('|');
        for (Object cell : cells) {
            text.append(' ')
                    .append(cell instanceof Double number ? Samples.print(number) : cell)
                    .append(" |");
        }
        text.append('\n');
        return this;
    }

    /** A target: what was measured must be at most, or at least, the limit. */
    void target(String what, String unit, double measured, boolean atMost, double limit) {
        boolean met = atMost ? measured <= limit : measured >= limit;
        double by = Math.abs(measured / limit - 1) * 100;
        targets.add(new String[] {
            what,
            (atMost ? "≤ " : "≥ ") + Samples.print(limit) + unit,
            Samples.print(measured) + unit,
            met ? "met" : "**missed** by " + Math.round(by) + " %"
        });
    }

    String targets() {
        Report table = new Report().table("what", "target", "measured", "");
        targets.forEach(row -> table.row((Object[]) row));
        return table.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
