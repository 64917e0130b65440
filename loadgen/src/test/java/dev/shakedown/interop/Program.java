package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs we are tested against, where they are, and what happens when one is not there. */
enum Program {
    OPENSSL("openssl", "openssl"),
    NGINX("nginx", "nginx and libnginx-mod-stream"),
    HAPROXY("haproxy", "haproxy"),
    GNUTLS("gnutls-serv", "gnutls-bin");

    /** Servers are often installed where only root's PATH looks. */
    private static final List<String> MORE_PLACES = List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin",
            "/opt/homebrew/bin");

    private final String binary;
    private final String debianPackage;

    Program(String binary, String debianPackage) {
        this.binary = binary;
        this.debianPackage = debianPackage;
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
        return find().isPresent() && (this != NGINX || nginxStream().isPresent());
    }

    void require() {
        if (!available()) {
            System.err.println(missing());
            missing("true".equals(System.getenv("CI")));
        }
    }

    /** The one place that decides what a missing program means: a skipped test, or a failed one where CI=true. */
    void missing(boolean continuousIntegration) {
        if (continuousIntegration) {
            fail(missing());
        }
        abort(missing());
    }

    private String missing() {
        return "not tested with " + binary + ", which is not here: install the package " + debianPackage;
    }

    /** The binary's path. */
    String path() {
        return find().orElseThrow().toString();
    }

    private Optional<Path> find() {
        var places = Stream.concat(Pattern.compile(":").splitAsStream(System.getenv().getOrDefault("PATH", "")),
                MORE_PLACES.stream());
        return places.filter(place -> !place.isEmpty()).map(place -> Path.of(place, binary))
                .filter(Files::isExecutable).findFirst();
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
