package dev.shakedown.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The programs we are tested against. */
enum Program {
    OPENSSL("openssl", "openssl"),
    NGINX("nginx", "nginx and libnginx-mod-stream"),
    HAPROXY("haproxy", "haproxy"),
    GNUTLS("gnutls-serv", "gnutls-bin");

    private final Executable executable;

    Program(String binary, String debianPackage) {
        executable = new Executable(binary, debianPackage);
    }

    /** Starts the server and returns once its port accepts; skips or fails the test if the program is missing. */
    Peer start(PeerOptions options) {
        require();
        Peer peer = switch (this) {
            case OPENSSL -> new OpensslPeer(options);
            case NGINX -> new NginxPeer(options);
            case HAPROXY -> new HaproxyPeer(options);
            case GNUTLS -> new GnutlsPeer(options);
        };
        peer.start();
        return peer;
    }

    boolean available() {
        return executable.find().isPresent() && (this != NGINX || nginxStream().isPresent());
    }

    void require() {
        if (!available()) {
            executable.missing();
        }
    }

    void missing(boolean continuousIntegration) {
        executable.missing(continuousIntegration);
    }

    /** The binary's path. */
    String path() {
        return executable.find().orElseThrow().toString();
    }

    /**
     * What nginx's configuration must begin with to have the stream module: nothing where it is built in, load_module
     * where it is a file (Debian, Fedora); absent where it is neither.
     */
    static Optional<String> nginxStream() {
        var build = nginxBuild();
        if (build.contains("--with-stream ")) {
            return Optional.of("");
        }
        var modules = Pattern.compile("--modules-path=(\\S+)").matcher(build);
        return modules.results().map(found -> Path.of(found.group(1), "ngx_stream_module.so")).filter(Files::exists)
                .map(module -> "load_module " + module + ";").findFirst();
    }

    private static String nginxBuild() {
        try {
            var process = new ProcessBuilder(NGINX.path(), "-V").redirectErrorStream(true).start();
            try (var output = process.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8) + " ";
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
