package dev.shakedown.cli;

import dev.shakedown.run.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Man pages (man(7)), one for each command, made from what {@code --help all} prints. */
public final class ManPages {
    private static final String SECTION = ".1";

    private ManPages() {}

    /**
     * Writes what a package puts under {@code /usr/share}: man pages, and completions where shells look for them.
     *
     * @param args the directory
     */
    public static void main(String... args) throws IOException {
        var share = Path.of(args[0]);
        for (var page : all().entrySet()) {
            write(share.resolve("man/man1").resolve(page.getKey()), page.getValue());
        }
        write(share.resolve("bash-completion/completions/" + Main.NAME), Completion.script(Completion.Shell.BASH));
        write(share.resolve("zsh/site-functions/_" + Main.NAME), Completion.script(Completion.Shell.ZSH));
        write(share.resolve("fish/vendor_completions.d/" + Main.NAME + ".fish"),
                Completion.script(Completion.Shell.FISH));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Returns the pages by the names of their files, such as {@code shakedown-run.1}. */
    static Map<String, String> all() {
        var pages = new LinkedHashMap<String, String>();
        add(Main.commandLine(), pages);
        return pages;
    }

    private static void add(CommandLine command, Map<String, String> pages) {
        pages.put(file(command.getCommandSpec()), page(command));
        command.getSubcommands().values().stream().distinct().forEach(below -> add(below, pages));
    }

    private static String file(CommandSpec spec) {
        return title(spec) + SECTION;
    }

    private static String title(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private static String page(CommandLine command) {
        var spec = command.getCommandSpec();
        var usage = spec.usageMessage();
        var out = new StringBuilder();
        out.append(".TH ").append(quoted(title(spec).toUpperCase(Locale.ROOT))).append(" 1 ")
                .append('"').append(Tool.built().map(time -> time.substring(0, "2026-01-01".length())).orElse(""))
                .append("\" ").append(quoted(Main.NAME + " " + Tool.version())).append(" \"User Commands\"\n");
        out.append(".SH NAME\n").append(escaped(title(spec))).append(" \\- ")
                .append(escaped(lowered(String.join(" ", usage.header())))).append('\n');
        out.append(".SH SYNOPSIS\n.B ").append(escaped(HelpText.synopsis(command).replace('\n', ' '))).append('\n');
        parameters(spec, out);
        options("OPTIONS", spec.options().stream().filter(option -> option.group() == null).toList(), out);
        spec.argGroups().stream().sorted(Comparator.comparingInt(ArgGroupSpec::order))
                .forEach(group -> options(heading(group), group.allOptionsNested(), out));
        var below = command.getSubcommands().values().stream().distinct().map(CommandLine::getCommandSpec).toList();
        if (!below.isEmpty()) {
            out.append(".SH COMMANDS\n");
            below.forEach(each -> out.append(".TP\n.BR ").append(escaped(title(each))).append(" (1)\n")
                    .append(escaped(String.join(" ", each.usageMessage().header()))).append('\n'));
        }
        footer(usage.footer(), out);
        var above = spec.parent() == null ? Stream.<CommandSpec>empty() : Stream.of(spec.parent());
        var related = Stream.concat(above, below.stream()).map(each -> ".BR " + escaped(title(each)) + " (1)")
                .collect(Collectors.joining(" ,\n"));
        if (!related.isEmpty()) {
            out.append(".SH SEE ALSO\n").append(related).append('\n');
        }
        return out.toString();
    }

    private static String heading(ArgGroupSpec group) {
        var heading = group.heading() == null ? "" : group.heading();
        return heading.replace("%n", "").replace(":", "").strip().toUpperCase(Locale.ROOT);
    }

    private static void parameters(CommandSpec spec, StringBuilder out) {
        if (spec.positionalParameters().isEmpty()) {
            return;
        }
        out.append(".SH ARGUMENTS\n");
        spec.positionalParameters().forEach(each -> out.append(".TP\n.I ").append(escaped(each.paramLabel()))
                .append('\n').append(escaped(HelpText.description(each))).append('\n'));
    }

    private static void options(String heading, List<OptionSpec> all, StringBuilder out) {
        var shown = all.stream().filter(option -> !option.hidden()).toList();
        if (shown.isEmpty()) {
            return;
        }
        out.append(".SH ").append(quoted(heading)).append('\n');
        for (var option : shown) {
            out.append(".TP\n\\fB").append(escaped(String.join(", ", HelpText.names(option)))).append("\\fR");
            if (option.arity().max() > 0) {
                out.append(" \\fI").append(escaped(option.paramLabel())).append("\\fR");
            }
            out.append('\n').append(escaped(HelpText.description(option))).append('\n');
        }
    }

    /** Examples are printed as they are, everything else in paragraphs. */
    private static void footer(String[] footer, StringBuilder out) {
        var examples = false;
        for (var raw : footer) {
            var line = raw.replace("%%", "%");
            if (line.endsWith(":") && !line.startsWith(" ")) {
                out.append(".SH ").append(quoted(line.substring(0, line.length() - 1).toUpperCase(Locale.ROOT)))
                        .append("\n.nf\n");
                examples = true;
            } else if (!line.isBlank()) {
                if (examples && !line.startsWith(" ")) {
                    out.append(".fi\n.PP\n");
                    examples = false;
                }
                out.append(escaped(line.strip())).append('\n');
            }
        }
        if (examples) {
            out.append(".fi\n");
        }
    }

    private static String lowered(String sentence) {
        var plain = sentence.replaceFirst("\\.$", "");
        return plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1);
    }

    private static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    /** Text in which nothing is an order to the formatter. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1").replace("\"",
                "\\(dq");
    }
}
