package dev.shakedown.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file whose content is the input, for readers of files. */
public final class Scratch {
    private final Path file;

    /** @param name the file's name, which some readers depend on */
    public Scratch(String name) {
        try {
            file = Files.createTempDirectory("shakedown-fuzz").resolve(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What is registered last is deleted first.
        file.getParent().toFile().deleteOnExit();
        file.toFile().deleteOnExit();
    }

    /** A reader of files. */
    public interface Reader {
        void read(Path file) throws IOException;
    }

    /**
     * Reads {@code content}, within the bounds.
     *
     * @param named the exact class of exception that the reader throws for unusable content
     * @param names what its message contains
     */
    public void read(byte[] content, Class<? extends Exception> named, String names, Reader reader) throws Exception {
        Bounds.check(content, bytes -> {
            Files.write(file, bytes);
            try {
                reader.read(file);
            } catch (IOException | IllegalArgumentException e) {
                if (e.getClass() != named) {
                    throw e;
                }
                assertTrue(String.valueOf(e.getMessage()).contains(names), e::getMessage);
            }
        });
    }
}
