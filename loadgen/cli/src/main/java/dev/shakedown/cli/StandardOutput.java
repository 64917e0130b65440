package dev.shakedown.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers write errors. A {@link PrintWriter} swallows them: on a full disk or a closed pipe
 * the output would be cut without a word.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream to = new FileOutputStream(FileDescriptor.out);
    private final PrintWriter printer = new PrintWriter(new OutputStreamWriter(this, System.out.charset()), true);
    private @Nullable IOException failure;

    /** Returns a writer that flushes each line. */
    PrintWriter printer() {
        return printer;
    }

    /** Flushes, and returns why not everything could be written; empty if everything was. */
    Optional<String> failure() {
        printer.flush();
        return Optional.ofNullable(failure)
                .map(e -> "not all of the output could be written to standard output: " + e.getMessage());
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[]{(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            to.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
