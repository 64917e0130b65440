package dev.shakedown.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file for an option that names one, removed when it is closed. */
record PemFile(Path path) implements AutoCloseable {
    PemFile(String content) throws IOException {
        this(Files.writeString(Files.createTempFile("shakedown-", ".pem"), content));
    }

    @Override
    public void close() throws IOException {
        Files.delete(path);
    }
}
