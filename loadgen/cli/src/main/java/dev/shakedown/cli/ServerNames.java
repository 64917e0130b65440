package dev.shakedown.cli;

import dev.shakedown.run.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Reads the value of {@code --sni}: a name, several with commas between them, or a file with one name per line, where
 * blank lines and lines that begin with # are ignored.
 */
final class ServerNames {
    private static final int MOST = 1000;

    private ServerNames() {}

    /** @throws IllegalArgumentException with a sentence for the user */
    static List<String> of(String sni) {
        var names = new LinkedHashSet<String>();
        if (!Files.isRegularFile(Path.of(sni))) {
            for (var name : sni.split(",", -1)) {
                names.add(checked(name, ""));
            }
            return List.copyOf(names);
        }
        try {
            var lines = TextFile.lines(Path.of(sni));
            for (var i = 0; i < lines.size(); i++) {
                var line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    names.add(checked(line, " (line " + (i + 1) + " of " + sni + ")"));
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("--sni " + sni + " cannot be read as a list of names", e);
        }
        if (names.isEmpty() || names.size() > MOST) {
            throw new IllegalArgumentException(
                    "--sni " + sni + " has " + names.size() + " names; write from 1 to " + MOST);
        }
        return List.copyOf(names);
    }

    /** Returns a name as it is sent, which is without a trailing dot (RFC 6066, 3). */
    static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    static String checked(String written, String where) {
        var name = withoutLastDot(written);
        if (!name.matches("[A-Za-z0-9_.-]{1,255}") || name.endsWith(".")) {
            throw new IllegalArgumentException("'" + written + "'" + where
                    + " is not a value for --sni; write a host name in ASCII, such as www.example.org");
        }
        return name;
    }
}
