package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What ClientHellos offer, and whether a ServerHello answers it by the rules. */
final class HelloOffer {
    /**
     * What both hellos settled.
     *
     * @param resumed              whether the server took up the offered session
     * @param extendedMasterSecret RFC 7627
     * @param encryptThenMac       RFC 7366
     * @param ticketPromised       whether a NewSessionTicket must follow (RFC 5077, 3.2)
     */
    record Agreed(CipherSuite suite, boolean resumed, boolean extendedMasterSecret, boolean encryptThenMac,
            boolean ticketPromised) {}

    private static final byte[] NONE = {};
    private static final int EXTENSION_HEADER = 4;
    private static final byte[] NULL_COMPRESSION = {0};

    private final ClientSettings settings;
    private final int[] suites;
    private final List<Extension> always = new ArrayList<>();
    private final List<Extension> withoutTicket;

    HelloOffer(ClientSettings settings) {
        this.settings = settings;
        suites = settings.suites().stream().mapToInt(CipherSuite::id).toArray();
        if (settings.sni() != null) {
            always.add(Extension.serverName(settings.sni()));
        }
        always.add(Extension.extendedMasterSecret());
        always.add(Extension.renegotiationInfo());
        if (settings.suites().stream().anyMatch(suite -> suite.keyExchange() == KeyExchange.ECDHE)) {
            always.add(Extension.supportedGroups(settings.groups()));
            always.add(Extension.ecPointFormats());
        }
        if (!settings.alpn().isEmpty()) {
            always.add(Extension.alpn(settings.alpn()));
        }
        if (settings.suites().stream().anyMatch(suite -> suite.bulk().isCbc())) {
            always.add(Extension.encryptThenMac());
        }
        always.add(Extension.signatureAlgorithms(ClientSettings.SIGNATURE_SCHEMES));
        withoutTicket = settings.tickets() ? with(Extension.sessionTicket(NONE)) : always;
    }

    /** A ClientHello that offers {@code session}, or none when it is {@code null}. */
    ClientHello hello(Session session, Primitives primitives) {
        var random = new byte[ClientHello.RANDOM_LENGTH];
        primitives.random().nextBytes(random);
        var extensions = withoutTicket;
        var sessionId = NONE;
        if (session != null && session.ticket() != null) {
            extensions = with(Extension.sessionTicket(session.ticket()));
            // The server echoes this ID if it takes the ticket (RFC 5077, 3.4).
            sessionId = new byte[ClientHello.MAX_SESSION_ID];
            primitives.random().nextBytes(sessionId);
        } else if (session != null) {
            sessionId = session.id();
        }
        return new ClientHello(ProtocolVersion.TLS_1_2.id(), random, sessionId, suites, NULL_COMPRESSION, extensions);
    }

    /** Whether a ClientHello has room for {@code ticket}: all its extensions share one length of 16 bits. */
    boolean canCarry(byte[] ticket) {
        var length = EXTENSION_HEADER + ticket.length;
        for (var extension : always) {
            length += EXTENSION_HEADER + extension.data().length;
        }
        return length <= 0xffff;
    }

    /**
     * What the two hellos settle.
     *
     * @param session the one that {@code sent} offered, or {@code null}
     * @throws Fault when {@code answer} chooses what was not offered, or contradicts the session it takes up
     */
    Agreed check(ClientHello sent, Session session, ServerHello answer) throws Fault {
        if (answer.version() != sent.version()) {
            throw new Fault(AlertDescription.PROTOCOL_VERSION, "the server chose "
                    + ProtocolVersion.describe(answer.version()) + ", where TLSv1.2 was offered");
        }
        var suite = CipherSuite.of(answer.cipherSuite());
        if (suite == null || !settings.suites().contains(suite)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose "
                    + CipherSuite.describe(answer.cipherSuite()) + ", which was not offered");
        }
        if (answer.compressionMethod() != 0) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose compression method "
                    + answer.compressionMethod() + ", where only null was offered");
        }
        checkExtensions(sent, suite, answer);
        var agreed = new Agreed(suite,
                session != null && answer.sessionId().length > 0
                        && Arrays.equals(answer.sessionId(), sent.sessionId()),
                answer.extension(Extension.EXTENDED_MASTER_SECRET) != null,
                answer.extension(Extension.ENCRYPT_THEN_MAC) != null,
                answer.extension(Extension.SESSION_TICKET) != null);
        if (agreed.resumed) {
            checkResumption(session, agreed);
        }
        return agreed;
    }

    private void checkExtensions(ClientHello sent, CipherSuite suite, ServerHello answer) throws Fault {
        for (var extension : answer.extensions()) {
            if (sent.extensions().stream().noneMatch(offered -> offered.type() == extension.type())) {
                throw new Fault(AlertDescription.UNSUPPORTED_EXTENSION, "the server answered extension "
                        + extension.type() + ", which was not offered");
            }
            switch (extension.type()) {
                case Extension.ALPN -> checkAlpn(extension.alpnChoice());
                case Extension.RENEGOTIATION_INFO -> {
                    checkVector(extension, "renegotiation_info");
                    // RFC 5746, 3.4: an initial handshake has nothing to tie to.
                    if (extension.data().length > 1) {
                        throw new Fault(AlertDescription.HANDSHAKE_FAILURE,
                                "the server's renegotiation_info is not empty in an initial handshake");
                    }
                }
                case Extension.ENCRYPT_THEN_MAC -> {
                    if (!suite.bulk().isCbc()) {
                        throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                                "the server answered encrypt_then_mac, but chose " + suite + ", which has no MAC");
                    }
                    checkEmpty(extension, "encrypt_then_mac");
                }
                case Extension.EXTENDED_MASTER_SECRET -> checkEmpty(extension, "extended_master_secret");
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
                default -> {
                    // servers that answer supported_groups are common, and it tells nothing
                }
            }
        }
    }

    private void checkAlpn(String choice) throws Fault {
        if (!settings.alpn().contains(choice)) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose the application protocol '"
                    + choice.replaceAll("\\p{Cntrl}", "?") + "', which was not offered");
        }
    }

    private static void checkEmpty(Extension extension, String name) throws Fault {
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

    private static void checkResumption(Session session, Agreed agreed) throws Fault {
        if (agreed.suite != session.suite()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server took up a session of " + session.suite()
                    + ", but chose " + agreed.suite);
        }
        if (agreed.extendedMasterSecret != session.extendedMasterSecret()) {
            // RFC 7627, 5.3
            throw new Fault(AlertDescription.HANDSHAKE_FAILURE, agreed.extendedMasterSecret
                    ? "the server took up a session without extended_master_secret, but answered it now"
                    : "the server took up a session with extended_master_secret, but did not answer it now");
        }
    }

    private List<Extension> with(Extension ticket) {
        var extensions = new ArrayList<Extension>(always.size() + 1);
        extensions.addAll(always);
        extensions.add(ticket);
        return extensions;
    }
}
