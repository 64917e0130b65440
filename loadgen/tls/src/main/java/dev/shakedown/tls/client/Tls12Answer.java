package dev.shakedown.tls.client;

import dev.shakedown.tls.client.Offered.OfTls12;
import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.old.Dialects;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Violation;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a ServerHello up to TLS 1.2 settles, if it answers the ClientHello by the rules (RFC 5246, 7.4.1.3).
 *
 * @param resumed              whether the server resumed the offered session
 * @param extendedMasterSecret whether extended_master_secret is in use (RFC 7627)
 * @param encryptThenMac       whether encrypt_then_mac is in use (RFC 7366)
 * @param ticketPromised       whether a NewSessionTicket must follow (RFC 5077, 3.2)
 * @param protocol             the protocol that the server chose by ALPN (RFC 7301)
 */
record Tls12Answer(ProtocolVersion version, CipherSuite suite, Compression compression, boolean resumed,
        boolean extendedMasterSecret, boolean encryptThenMac, boolean ticketPromised, Optional<String> protocol) {
    /**
     * Returns what the two hellos settle.
     *
     * @throws Fault if {@code answer} chooses what was not offered, or contradicts the session that it resumes
     */
    static Tls12Answer of(ClientSettings settings, ProtocolVersion version, Offered offered, ServerHello answer)
            throws Fault {
        var sent = offered.hello();
        var suite = CipherSuite.of(answer.cipherSuite());
        if (suite != null && suite.isTls13()) {
            throw new Fault(Violation.TLS13_SUITE_IN_OLD_VERSION, suite, version.label());
        }
        if (suite == null || !settings.suites().contains(suite)) {
            throw new Fault(Violation.SUITE_NOT_OFFERED, CipherSuite.describe(answer.cipherSuite()));
        }
        if (!suite.isOf(version)) {
            throw new Fault(Violation.SUITE_NOT_OF_VERSION, suite, version.label());
        }
        var compression = Compression.of(answer.compressionMethod());
        if (compression == null || !settings.details().compression().contains(compression)) {
            throw new Fault(Violation.COMPRESSION_NOT_OFFERED, answer.compressionMethod());
        }
        var echoed = sent.sessionId().length > 0 && Arrays.equals(answer.sessionId(), sent.sessionId());
        if (echoed && !(offered.resumption() instanceof OfTls12)) {
            // RFC 5246, 7.4.1.3; the ID was only sent for compatibility in TLS 1.3 (RFC 8446, D.4).
            throw new Fault(Violation.SESSION_ID_ECHOED, version.label());
        }
        checkExtensions(settings, version, sent, suite, answer);
        var choice = answer.extension(Extension.ALPN);
        var parameters = new Tls12Answer(version, suite, compression, echoed,
                answer.extension(Extension.EXTENDED_MASTER_SECRET) != null,
                answer.extension(Extension.ENCRYPT_THEN_MAC) != null,
                answer.extension(Extension.SESSION_TICKET) != null,
                choice == null ? Optional.empty() : Optional.of(choice.alpnChoice()));
        if (echoed && offered.resumption() instanceof OfTls12(var session)) {
            checkResumption(session, parameters);
        }
        return parameters;
    }

    Dialect dialect() {
        return Dialects.of(version, suite);
    }

    private static void checkExtensions(ClientSettings settings, ProtocolVersion version, ClientHello sent,
            CipherSuite suite, ServerHello answer) throws Fault {
        for (var extension : answer.extensions()) {
            if (!sent.offers(extension.type()) && !isSignalled(sent, extension)) {
                throw new Fault(Violation.EXTENSION_NOT_OFFERED, extension.type());
            }
            switch (extension.type()) {
                case Extension.ALPN -> checkAlpn(settings, extension);
                case Extension.RENEGOTIATION_INFO -> {
                    checkVector(extension, "renegotiation_info");
                    // RFC 5746, 3.4: in an initial handshake there is no earlier Finished to contain.
                    if (extension.data().length > 1) {
                        throw new Fault(Violation.RENEGOTIATION_INFO_NOT_EMPTY);
                    }
                }
                case Extension.ENCRYPT_THEN_MAC -> {
                    checkTls(version, "encrypt_then_mac");
                    if (!suite.bulk().isCbc()) {
                        throw new Fault(Violation.ENCRYPT_THEN_MAC_WITHOUT_MAC, suite);
                    }
                    checkEmpty(extension, "encrypt_then_mac");
                }
                case Extension.EXTENDED_MASTER_SECRET -> {
                    checkTls(version, "extended_master_secret");
                    checkEmpty(extension, "extended_master_secret");
                }
                case Extension.SESSION_TICKET -> checkEmpty(extension, "session_ticket");
                case Extension.EC_POINT_FORMATS -> {
                    checkVector(extension, "ec_point_formats");
                    checkPointFormats(extension.data());
                }
                case Extension.SERVER_NAME -> checkEmpty(extension, "server_name");
                case Extension.SIGNATURE_ALGORITHMS ->
                    // RFC 5246, 7.4.1.4.1
                    throw new Fault(Violation.SIGNATURE_ALGORITHMS_ANSWERED);
                case Extension.SUPPORTED_VERSIONS, Extension.KEY_SHARE, Extension.PRE_SHARED_KEY ->
                    throw new Fault(Violation.TLS13_EXTENSION_IN_OLD_VERSION, extension.type());
                default -> {
                    // many servers send supported_groups, which has no meaning here
                }
            }
        }
    }

    /** Whether the extension answers the signalling number among the suites (RFC 5746, 3.4). */
    private static boolean isSignalled(ClientHello sent, Extension extension) {
        return extension.type() == Extension.RENEGOTIATION_INFO && IntStream.of(sent.cipherSuites())
                .anyMatch(suite -> suite == ClientHello.RENEGOTIATION_SIGNAL);
    }

    /** Checks the server's choice of a protocol (RFC 7301, 3.2), in any version. */
    static void checkAlpn(ClientSettings settings, Extension extension) throws Fault {
        var choice = extension.alpnChoice();
        if (!settings.alpn().contains(choice)) {
            throw new Fault(Violation.ALPN_NOT_OFFERED, choice.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static void checkTls(ProtocolVersion version, String name) throws Fault {
        if (version == ProtocolVersion.SSL_3_0) {
            throw new Fault(Violation.EXTENSION_IN_SSL3, name);
        }
    }

    /** Checks that a Finished has {@code due} bytes. */
    static void checkLength(Finished finished, int due) throws Fault {
        if (finished.verifyData().length != due) {
            throw new Fault(Violation.FINISHED_LENGTH, finished.verifyData().length, due);
        }
    }

    static void checkEmpty(Extension extension, String name) throws Fault {
        if (extension.data().length > 0) {
            throw new Fault(Violation.EXTENSION_NOT_EMPTY, name);
        }
    }

    /** Checks that the content is one vector with an 8-bit length. */
    private static void checkVector(Extension extension, String name) throws Fault {
        var data = extension.data();
        if (data.length == 0 || Byte.toUnsignedInt(data[0]) != data.length - 1) {
            throw new Fault(Violation.EXTENSION_MALFORMED, name);
        }
    }

    private static void checkPointFormats(byte[] data) throws Fault {
        for (var i = 1; i < data.length; i++) {
            if (data[i] == 0) {
                return;
            }
        }
        throw new Fault(Violation.UNCOMPRESSED_POINTS_MISSING);
    }

    private static void checkResumption(Session.Tls12 session, Tls12Answer parameters) throws Fault {
        if (parameters.suite != session.suite() || parameters.version != session.version()) {
            throw new Fault(Violation.RESUMED_WITH_OTHER_SUITE, session.suite(),
                    inVersion(session.version(), parameters.version), parameters.suite,
                    inVersion(parameters.version, session.version()));
        }
        if (parameters.extendedMasterSecret != session.extendedMasterSecret()) {
            // RFC 7627, 5.3
            throw new Fault(parameters.extendedMasterSecret
                    ? Violation.EXTENDED_MASTER_SECRET_ADDED
                    : Violation.EXTENDED_MASTER_SECRET_LEFT_OUT);
        }
    }

    /** Returns a phrase that names the version, or nothing if it does not differ from the other. */
    private static String inVersion(ProtocolVersion version, ProtocolVersion other) {
        return version == other ? "" : " in " + version.label();
    }
}
