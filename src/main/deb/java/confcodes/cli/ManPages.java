package confcodes.cli;

import java.io.File;
import java.util.Map;
import java.util.Optional;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages, one for each command: picocli writes AsciiDoc, and AsciidoctorJ makes manual pages of it. */
final class ManPages {

    private ManPages() {}

    /**
     * Writes the manual pages.
     *
     * @param args the directory for the AsciiDoc, the directory for the pages, the version and the date that they bear
     */
    public static void main(String[] args) {
        File source = new File(args[0]);
        // The defaults are those without a file, whatever this machine has.
        CommandLine confcodes = new Confcodes(Map.of("CONFCODES_CONFIG", "/dev/null"), Optional.empty()).commandLine();
        CommandLine generator = new CommandLine(new ManPageGenerator());
        generator.getCommandSpec().usageMessage().hidden(true);
        confcodes.addSubcommand(generator);
        if (confcodes.execute("gen-manpage", "--outdir", source.getPath()) != 0) {
            System.exit(1);
        }
        Options options = Options.builder()
                .backend("manpage")
                .toDir(new File(args[1]))
                .mkDirs(true)
                .attributes(Attributes.builder()
                        .attribute("mansource", "confcodes " + args[2])
                        .attribute("manmanual", "confcodes")
                        .attribute("docdate", args[3])
                        .build())
                .build();
        try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
            for (File page : source.listFiles()) {
                asciidoctor.convertFile(page, options);
            }
        }
    }
}
