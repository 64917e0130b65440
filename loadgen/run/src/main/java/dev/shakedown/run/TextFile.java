package dev.shakedown.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads UTF-8 text without the byte order mark (U+FEFF) that some editors put before it. */
public final class TextFile {
    private static final String MARK = "\uFEFF";

    private TextFile() {}

    public static String read(Path file) throws IOException {
        var text = Files.readString(file);
        return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
    }

    public static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }
}
