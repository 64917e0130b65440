package dev.shakedown.interop;

import dev.shakedown.interop.PeerOptions.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * More programs we are tested against, each with habits of its own about session tickets.
 *
 * <p>
 * They have fewer settings than those of {@link Program}. Of the options they take the certificate (see {@link
 * #takes}), the versions of TLS, {@link Feature#TICKETS}, {@link Feature#CLIENT_CERTIFICATE} where {@link
 * #asksForCertificates()}, and {@link Feature#CACHE} for sessions of TLS 1.2 where {@link #resumesById()}. All else,
 * such as suites and group, is the server's own choice.
 */
enum OtherProgram {
    NODE("node", "nodejs"),
    LIGHTTPD("lighttpd", "lighttpd and lighttpd-mod-openssl"),
    H2O("h2o", "h2o"),
    STUNNEL("stunnel", "stunnel4"),
    APACHE("apache2", "apache2"),
    GO("go", "golang-go");

    private static final Set<Feature> SETTINGS = EnumSet.of(Feature.TICKETS, Feature.CACHE, Feature.ENCRYPT_THEN_MAC,
            Feature.CLIENT_CERTIFICATE);

    private final Executable executable;

    OtherProgram(String binary, String debianPackage) {
        executable = new Executable(binary, debianPackage);
    }

    /**
     * Starts the server and returns once its port accepts; skips or fails the test if the program is missing.
     *
     * @throws IllegalArgumentException if it has no setting for what the options ask
     */
    Peer start(PeerOptions options) {
        if (options.oldVersion() != null || !SETTINGS.containsAll(options.features())
                || !takes(options.certificate())
                || options.has(Feature.CLIENT_CERTIFICATE) && !asksForCertificates()) {
            throw new IllegalArgumentException(this + " has no setting for " + options);
        }
        require();
        Peer peer = switch (this) {
            case NODE -> new NodePeer(options);
            case LIGHTTPD -> new LighttpdPeer(options);
            case H2O -> new H2oPeer(options);
            case STUNNEL -> new StunnelPeer(options);
            case APACHE -> new ApachePeer(options);
            case GO -> new GoPeer(options);
        };
        peer.start();
        return peer;
    }

    private void require() {
        if (executable.find().isEmpty() || !modulesAreThere()) {
            executable.missing();
        }
        switch (this) {
            case LIGHTTPD -> Compiled.HANDSHAKES.path();
            case GO -> Compiled.GO_SERVER.path();
            default -> {
            }
        }
    }

    /** Where Debian has them. */
    private boolean modulesAreThere() {
        return switch (this) {
            case LIGHTTPD -> Files.exists(Path.of("/usr/lib/lighttpd/mod_openssl.so"));
            case APACHE -> Files.exists(ApachePeer.MODULES.resolve("mod_ssl.so"));
            default -> true;
        };
    }

    /** The binary's path. */
    String path() {
        return executable.find().orElseThrow().toString();
    }

    /** Whether it can keep sessions of TLS 1.2 for resumption by session ID. */
    boolean resumesById() {
        return this != GO;
    }

    /** Whether it can identify itself with this: h2o reads no keys for EdDSA. */
    boolean takes(ServerCertificate certificate) {
        return this != H2O || certificate != ServerCertificate.ED25519;
    }

    /** Whether it can ask for a client certificate. */
    boolean asksForCertificates() {
        return this != H2O;
    }

    /**
     * Whether its log, and so its counts, are of connections on which a request came, and not of handshakes. Our client
     * must then send one, and stay for the answer.
     */
    boolean countsRequests() {
        return this == H2O || this == APACHE;
    }
}
