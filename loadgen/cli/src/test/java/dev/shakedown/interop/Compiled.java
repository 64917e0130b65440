package dev.shakedown.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What tests have compiled of their own sources, once in each JVM, below the build's directory. */
enum Compiled {
    /** Prints what OpenSSL says of handshakes in a program that does not; for LD_PRELOAD. */
    HANDSHAKES("handshakes.c", new Executable("gcc", "gcc and libc6-dev")) {
        @Override
        List<String> arguments(Path directory) {
            return List.of("-shared", "-fPIC", "-O2");
        }
    },
    /** A TLS server, with nothing but Go's standard library. */
    GO_SERVER("server.go", new Executable("go", "golang-go")) {
        @Override
        List<String> arguments(Path directory) {
            return List.of("build");
        }

        @Override
        Map<String, String> environment(Path directory) {
            return Map.of("GO111MODULE", "off", "GOFLAGS", "", "GOPROXY", "off", "GOTOOLCHAIN", "local", "GOPATH",
                    directory.resolve("path").toString(), "GOCACHE", directory.resolve("cache").toString());
        }
    };

    private final String source;
    private final Executable compiler;
    private Path compiled;

    Compiled(String source, Executable compiler) {
        this.source = source;
        this.compiler = compiler;
    }

    abstract List<String> arguments(Path directory);

    Map<String, String> environment(Path directory) {
        return Map.of();
    }

    /** The absolute path of the result; skips or fails the test if the compiler is missing. */
    synchronized String path() {
        if (compiled == null) {
            try {
                compiled = compile();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return compiled.toString();
    }

    private Path compile() throws IOException {
        var directory = Files.createDirectories(Path.of("target", "compiled", source).toAbsolutePath());
        try (var text = Compiled.class.getResourceAsStream(source)) {
            Files.copy(text, directory.resolve(source), StandardCopyOption.REPLACE_EXISTING);
        }
        var command = new ArrayList<>(List.of(compiler.require()));
        command.addAll(arguments(directory));
        command.addAll(List.of("-o", "result", source));
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment(directory));
        var process = builder.start();
        try (var output = process.getInputStream()) {
            var said = new String(output.readAllBytes());
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return directory.resolve("result");
    }
}
