package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.Hash;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a ServerHello of TLS 1.2 settles, if it answers the ClientHello by the rules (RFC 5246, 7.4.1.3).
 *
 * @param resumed              whether the server took up the offered session
 * @param extendedMasterSecret RFC 7627
 * @param encryptThenMac       RFC 7366
 * @param ticketPromised       whether a NewSessionTicket must follow (RFC 5077, 3.2)
 * @param protocol             what the server chose by ALPN (RFC 7301); {@code null} where it chose nothing
 */
record Tls12Answer(ProtocolVersion version, CipherSuite suite, Compression compression, boolean resumed,
        boolean extendedMasterSecret,
        boolean encryptThenMac,
        boolean ticketPromised, String protocol) {
    /**
     * What the two hellos settle.
     *
     * @param session the one that {@code sent} offered, or {@code null}
     * @throws Fault when {@code answer} chooses what was not offered, or contradicts the session it takes up
     */
    static Tls12Answer of(ClientSettings settings, ProtocolVersion version, ClientHello sent, Session.Tls12 session,
            ServerHello answer) throws Fault {
        var suite = CipherSuite.of(answer.cipherSuite());
        if (suite != null && suite.isTls13()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                    "the server chose " + suite + ", which is of TLSv1.3, in "
                            + version.label());
        }
        if (suite == null || !settings.suites().contains(suite)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose "
                    + CipherSuite.describe(answer.cipherSuite()) + ", which was not offered");
        }
        if (!suite.isOf(version)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + suite + ", which "
                    + version.label() + " does not have");
        }
        var compression = Compression.of(answer.compressionMethod());
        if (compression == null || !settings.details().compression().contains(compression)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose compression method "
                    + answer.compressionMethod() + ", which was not offered");
        }
        if (session == null && sent.sessionId().length > 0
                && Arrays.equals(answer.sessionId(), sent.sessionId())) {
            // RFC 5246, 7.4.1.3; the ID is only there for TLS 1.3's sake (RFC 8446, D.4).
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                    "the server took up a session by echoing the session ID,"
                            + " where none of " + version.label() + " was offered");
        }
        checkExtensions(settings, version, sent, suite, answer);
        var choice = answer.extension(Extension.ALPN);
        var agreed = new Tls12Answer(version, suite, compression,
                session != null && answer.sessionId().length > 0
                        && Arrays.equals(answer.sessionId(), sent.sessionId()),
                answer.extension(Extension.EXTENDED_MASTER_SECRET) != null,
                answer.extension(Extension.ENCRYPT_THEN_MAC) != null,
                answer.extension(Extension.SESSION_TICKET) != null, choice == null ? null : choice.alpnChoice());
        if (agreed.resumed) {
            checkResumption(session, agreed);
        }
        return agreed;
    }

    /** The hash of PRF and transcript. */
    Hash prfHash() {
        return suite.prfHash(version);
    }

    private static void checkExtensions(ClientSettings settings, ProtocolVersion version, ClientHello sent,
            CipherSuite suite, ServerHello answer) throws Fault {
        for (var extension : answer.extensions()) {
            if (sent.extensions().stream().noneMatch(offered -> offered.type() == extension.type())
                    && !isSignalled(sent, extension)) {
                throw new Fault(AlertDescription.UNSUPPORTED_EXTENSION, "the server answered extension "
                        + extension.type() + ", which was not offered");
            }
            switch (extension.type()) {
                case Extension.ALPN -> checkAlpn(settings, extension);
                case Extension.RENEGOTIATION_INFO -> {
                    checkVector(extension, "renegotiation_info");
                    // RFC 5746, 3.4: an initial handshake has nothing to tie to.
                    if (extension.data().length > 1) {
                        throw new Fault(AlertDescription.HANDSHAKE_FAILURE,
                                "the server's renegotiation_info is not empty in an initial handshake");
                    }
                }
                case Extension.ENCRYPT_THEN_MAC -> {
                    checkTls(version, "encrypt_then_mac");
                    if (!suite.bulk().isCbc()) {
                        throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                                "the server answered encrypt_then_mac, but chose " + suite + ", which has no MAC");
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
                    throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                            "the server answered signature_algorithms, which only a client sends");
                case Extension.SUPPORTED_VERSIONS, Extension.KEY_SHARE, Extension.PRE_SHARED_KEY ->
                    throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                            "the server chose a version before TLSv1.3, but answered extension "
                                    + extension.type() + ", which only TLSv1.3 has");
                default -> {
                    // servers that answer supported_groups are common, and it tells nothing
                }
            }
        }
    }

    /** RFC 5746, 3.4: a server answers the number among the suites as it answers the extension. */
    private static boolean isSignalled(ClientHello sent, Extension extension) {
        return extension.type() == Extension.RENEGOTIATION_INFO && IntStream.of(sent.cipherSuites())
                .anyMatch(suite -> suite == ClientHello.RENEGOTIATION_SIGNAL);
    }

    /** RFC 7301, 3.2; the same in every version. */
    static void checkAlpn(ClientSettings settings, Extension extension) throws Fault {
        var choice = extension.alpnChoice();
        if (!settings.alpn().contains(choice)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose the application protocol '"
                    + choice.replaceAll("\\p{Cntrl}", "?") + "', which was not offered");
        }
    }

    private static void checkTls(ProtocolVersion version, String name) throws Fault {
        if (version == ProtocolVersion.SSL_3_0) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose SSLv3, but answered " + name
                    + ", which only TLS has");
        }
    }

    static void checkEmpty(Extension extension, String name) throws Fault {
        if (extension.data().length > 0) {
            throw new Fault(AlertDescription.DECODE_ERROR, "the server's " + name + " is not empty");
        }
    }

    /** Its content is one vector of bytes behind a length of 8 bits. */
    private static void checkVector(Extension extension, String name) throws Fault {
        var data = extension.data();
        if (data.length == 0 || Byte.toUnsignedInt(data[0]) != data.length - 1) {
            throw new Fault(AlertDescription.DECODE_ERROR, "the server's " + name + " is malformed");
        }
    }

    private static void checkPointFormats(byte[] data) throws Fault {
        for (var i = 1; i < data.length; i++) {
            if (data[i] == 0) {
                return;
            }
        }
        throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                "the server's ec_point_formats lack uncompressed, which all must have");
    }

    private static void checkResumption(Session.Tls12 session, Tls12Answer agreed) throws Fault {
        if (agreed.suite != session.suite() || agreed.version != session.version()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server took up a session of " + session.suite()
                    + (agreed.version == session.version() ? "" : " in " + session.version().label()) + ", but chose "
                    + agreed.suite + (agreed.version == session.version() ? "" : " in " + agreed.version.label()));
        }
        if (agreed.extendedMasterSecret != session.extendedMasterSecret()) {
            // RFC 7627, 5.3
            throw new Fault(AlertDescription.HANDSHAKE_FAILURE, agreed.extendedMasterSecret
                    ? "the server took up a session without extended_master_secret, but answered it now"
                    : "the server took up a session with extended_master_secret, but did not answer it now");
        }
    }
}
