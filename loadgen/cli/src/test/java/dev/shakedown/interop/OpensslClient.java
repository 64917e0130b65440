package dev.shakedown.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A client that is not ours: {@code openssl s_client}.
 *
 * @param directory where it may write
 */
record OpensslClient(Path directory) {

    /** One connection, which closes as soon as the handshake is done; what it printed. */
    String connect(Peer peer, String... options) {
        return run(peer, "", options);
    }

    /** One connection, with a request, which stays until the server closes it; what it printed. */
    String request(Peer peer, String... options) {
        return run(peer, "GET / HTTP/1.0\r\n\r\n",
                Stream.concat(Stream.of("-ign_eof"), Stream.of(options)).toArray(String[]::new));
    }

    private String run(Peer peer, String input, String... options) {
        var command = new ArrayList<>(List.of(Program.OPENSSL.path(), "s_client", "-connect",
                "127.0.0.1:" + peer.port()));
        command.addAll(List.of(options));
        var output = directory.resolve("client.log");
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(Files.writeString(directory.resolve("client.in"), input).toFile())
                    .redirectOutput(output.toFile()).start();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("s_client did not end: " + Files.readString(output) + peer.log());
            }
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
