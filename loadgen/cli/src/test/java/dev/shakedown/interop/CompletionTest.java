package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.cli.ManPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completion scripts in the shells that they are for, and man pages under mandoc's eyes. */
@Tag("interop")
class CompletionTest {
    /** Completes the words as bash does, where the last one is under the cursor, and prints what is proposed. */
    private static final String BASH = """
            source "$1"; shift
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            _complete_shakedown 2>/dev/null
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
    /** A terminal with an interactive zsh, whose words are typed; the pattern after the script must show up. */
    private static final String ZSH = """
            zmodload zsh/zpty
            zpty z zsh -f -i
            zpty -w z "PS1='> '; fpath=($1 \\$fpath); autoload -U compinit; compinit -u -D; echo re''ady"
            zpty -r -m z seen '*ready*'
            zpty -w -n z "$2"$'\\t'
            zpty -r -m z seen "*$3*" && print -r -- "$3"
            zpty -d z
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"shakedown capa, capacity", "shakedown run --key-sh, --key-share",
        "shakedown run --key-share ba, base-point", "shakedown run --transport io, io_uring", "shakedown gate ti, time",
        "shakedown gate time --on-inc, --on-inconclusive", "shakedown run --group x2, x25519",
        "shakedown completion fi, fish", "shakedown run --no-ti, --no-tickets"})
    void eachShellCompletes(String typed, String expected) throws Exception {
        var words = List.of(typed.split(" "));
        var bash = new ArrayList<>(List.of(new Executable("bash", "bash").require(), "-c", BASH, "bash",
                script("bash", "shakedown.bash")));
        bash.addAll(words);
        assertTrue(proposed(bash).contains(expected), () -> "bash: " + typed);
        assertTrue(proposed(List.of(new Executable("fish", "fish").require(), "--no-config", "-c",
                "source $argv[1]; complete -C $argv[2]", script("fish", "shakedown.fish"), typed)).contains(expected),
                () -> "fish: " + typed);
    }

    @ParameterizedTest
    @CsvSource({"shakedown capa, capacity", "shakedown run --key-share ba, base-point"})
    void zshCompletesFromTheFirstTab(String typed, String expected) throws Exception {
        script("zsh", "_shakedown");
        assertEquals(Set.of(expected), proposed(List.of(new Executable("zsh", "zsh").require(), "-f", "-c", ZSH, "zsh",
                directory.toString(), typed, expected)));
    }

    /** Writes a shell's script to a file. */
    private String script(String shell, String file) throws IOException {
        var made = CommandRun.of("completion", shell);
        assertEquals(0, made.exitCode(), made.err());
        return Files.writeString(directory.resolve(file), made.out()).toString();
    }

    /** What a shell prints, without the descriptions. */
    private Set<String> proposed(List<String> command) throws Exception {
        var printed = Files.createTempFile(directory, "printed", "");
        var shell = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(printed.toFile()).start();
        try {
            shell.getOutputStream().close();
            assertTrue(shell.waitFor(30, TimeUnit.SECONDS), "the shell must end");
            return Files.readAllLines(printed).stream().map(line -> line.split("\t")[0].strip())
                    .collect(Collectors.toCollection(TreeSet::new));
        } finally {
            Executable.end(shell);
        }
    }

    @Test
    void manPagesAreWithoutFaultAndTellOfEachOption() throws Exception {
        ManPages.main(directory.toString());
        var pages = Files.list(directory.resolve("man/man1")).map(Path::toString).sorted().toList();
        assertTrue(pages.stream().anyMatch(page -> page.endsWith("/shakedown-gate-load.1")), pages::toString);
        var lint = new ArrayList<>(
                List.of(new Executable("mandoc", "mandoc").require(), "-Tlint", "-Wwarning"));
        lint.addAll(pages);
        assertEquals(Set.of(), proposed(lint));
        var text = new ProcessBuilder("mandoc", "-Tutf8", directory.resolve("man/man1/shakedown-run.1").toString())
                .start();
        var page = new String(text.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replaceAll(".\b", "");
        for (var words : List.of("shakedown-run - load a TLS server", "--key-share MODE", "--no-tickets",
                "(default: 10s)",
                "shakedown run 127.0.0.1:8443 --rate 1k --duration 30s --mix 20/80", "VERDICT", "shakedown(1)")) {
            assertTrue(page.contains(words), () -> words + " is not in\n" + page);
        }
        assertTrue(Files.exists(directory.resolve("bash-completion/completions/shakedown")));
    }
}
