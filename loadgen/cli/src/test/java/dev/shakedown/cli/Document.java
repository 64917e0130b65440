package dev.shakedown.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One of the documents that people read.
 *
 * @param path from the root of the source tree
 * @param text all of it, in Markdown
 */
record Document(String path, String text) {
    private static final List<String> PATHS = List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
            "loadgen/README.md", "results/README.md", "bench/README.md", "scripts/README.md");
    private static final Pattern SHELL = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]*\\n.*?^```$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    static List<Document> all() throws IOException {
        var documents = new ArrayList<Document>();
        for (var path : PATHS) {
            documents.add(new Document(path, Files.readString(root().resolve(path))));
        }
        return documents;
    }

    static Path root() {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return root;
    }

    /** The command lines of this tool in blocks of shell commands, each as its words without the tool's name. */
    List<List<String>> examples() {
        return SHELL.matcher(text).results().flatMap(block -> block.group(1).replace("\\\n", " ").lines())
                .filter(line -> line.matches("(scripts/)?shakedown .*"))
                .map(line -> words(line.substring(line.indexOf(' ')))).toList();
    }

    /** Words as a shell takes them, of those that have single quotes around a whole word or none. */
    private static List<String> words(String line) {
        return WORD.matcher(line).results().map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toList();
    }

    /** What is not in a block. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    List<String> headings() {
        return prose().lines().filter(line -> line.matches("#+ .*")).map(line -> line.replaceFirst("#+ ", ""))
                .toList();
    }

    /** What headings are called in links. */
    List<String> anchors() {
        return headings().stream().map(heading -> heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "").replace(' ', '-')).toList();
    }

    /** Text between backticks outside of blocks. */
    Stream<String> quoted() {
        return Pattern.compile("`([^`\n]+)`").matcher(prose()).results().map(span -> span.group(1));
    }

    static String joined(List<String> words) {
        return words.stream().collect(Collectors.joining(" "));
    }
}
