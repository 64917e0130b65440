package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An extension: its type and content (RFC 5246, 7.4.1.4). Methods write and read the contents that a client needs. */
public record Extension(int type, byte[] data) {
    public static final int SERVER_NAME = 0;
    public static final int SUPPORTED_GROUPS = 10;
    public static final int EC_POINT_FORMATS = 11;
    public static final int SIGNATURE_ALGORITHMS = 13;
    public static final int ALPN = 16;
    /** Only makes the hello longer (RFC 7685). */
    public static final int PADDING = 21;
    public static final int ENCRYPT_THEN_MAC = 22;
    public static final int EXTENDED_MASTER_SECRET = 23;
    /** The maximum record length (RFC 8449). */
    public static final int RECORD_SIZE_LIMIT = 28;
    public static final int SESSION_TICKET = 35;
    public static final int PRE_SHARED_KEY = 41;
    public static final int EARLY_DATA = 42;
    public static final int SUPPORTED_VERSIONS = 43;
    public static final int COOKIE = 44;
    public static final int PSK_KEY_EXCHANGE_MODES = 45;
    /** The signature algorithms for certificates, if they differ from those for the handshake (RFC 8446, 4.2.3). */
    public static final int SIGNATURE_ALGORITHMS_CERT = 50;
    public static final int KEY_SHARE = 51;
    public static final int RENEGOTIATION_INFO = 0xff01;

    /** The revocation status of a certificate (RFC 6066, 8). */
    public static final int STATUS_REQUEST = 5;
    /** RFC 6962, 3.3. */
    public static final int SIGNED_CERTIFICATE_TIMESTAMP = 18;
    /** RFC 8446, 4.2.4. */
    public static final int CERTIFICATE_AUTHORITIES = 47;
    /** RFC 8446, 4.2.5. */
    public static final int OID_FILTERS = 48;

    private static final byte[] EMPTY = {};

    /** Whether TLS 1.3 specifies which messages may contain this extension (RFC 8446, 4.2). */
    public boolean isKnown() {
        return switch (type) {
            // The table there lists, by number only here: max_fragment_length, use_srtp, heartbeat, the certificate
            // types, padding, post_handshake_auth.
            case SERVER_NAME, 1, STATUS_REQUEST, SUPPORTED_GROUPS, EC_POINT_FORMATS, SIGNATURE_ALGORITHMS, 14, 15, ALPN,
                    SIGNED_CERTIFICATE_TIMESTAMP, 19, 20, 21, ENCRYPT_THEN_MAC, EXTENDED_MASTER_SECRET,
                    RECORD_SIZE_LIMIT,
                    SESSION_TICKET, PRE_SHARED_KEY, EARLY_DATA, SUPPORTED_VERSIONS, COOKIE, PSK_KEY_EXCHANGE_MODES,
                    CERTIFICATE_AUTHORITIES, OID_FILTERS, 49, SIGNATURE_ALGORITHMS_CERT, KEY_SHARE,
                    RENEGOTIATION_INFO ->
                true;
            default -> false;
        };
    }

    /** Returns server_name (RFC 6066, 3) with {@code host} in ASCII. */
    public static Extension serverName(String host) {
        return of(SERVER_NAME, out -> Vectors.write16(out, list -> {
            list.writeByte(0);
            Vectors.write16(list, host.getBytes(StandardCharsets.US_ASCII));
        }));
    }

    /** Returns supported_groups (RFC 8422, 5.1.1). */
    public static Extension supportedGroups(List<NamedGroup> groups) {
        return supportedGroupNumbers(groups.stream().map(NamedGroup::id).toList());
    }

    /** Returns supported_groups with any group numbers, known or unknown. */
    public static Extension supportedGroupNumbers(List<Integer> groups) {
        return of(SUPPORTED_GROUPS, out -> Vectors.write16(out, list -> groups.forEach(list::writeShort)));
    }

    /** Returns ec_point_formats with uncompressed points only (RFC 8422, 5.1.2). */
    public static Extension ecPointFormats() {
        return of(EC_POINT_FORMATS, out -> Vectors.write8(out, new byte[]{0}));
    }

    /** Returns signature_algorithms (RFC 5246, 7.4.1.4.1). */
    public static Extension signatureAlgorithms(List<SignatureScheme> schemes) {
        return signatureSchemeNumbers(SIGNATURE_ALGORITHMS, schemes.stream().map(SignatureScheme::id).toList());
    }

    /**
     * Returns an extension with any signature scheme numbers, known or unknown.
     *
     * @param type {@link #SIGNATURE_ALGORITHMS} or {@link #SIGNATURE_ALGORITHMS_CERT}
     */
    public static Extension signatureSchemeNumbers(int type, List<Integer> schemes) {
        return of(type, out -> Vectors.write16(out, list -> schemes.forEach(list::writeShort)));
    }

    /** Returns padding of {@code length} zero bytes (RFC 7685, 3). */
    public static Extension padding(int length) {
        return new Extension(PADDING, new byte[length]);
    }

    /** Returns the ALPN extension with protocols, most preferred first (RFC 7301, 3.1). */
    public static Extension alpn(List<String> protocols) {
        return of(ALPN, out -> Vectors.write16(out, list -> protocols
                .forEach(protocol -> Vectors.write8(list, protocol.getBytes(StandardCharsets.US_ASCII)))));
    }

    /** Returns encrypt_then_mac (RFC 7366). */
    public static Extension encryptThenMac() {
        return new Extension(ENCRYPT_THEN_MAC, EMPTY);
    }

    /** Returns extended_master_secret (RFC 7627). */
    public static Extension extendedMasterSecret() {
        return new Extension(EXTENDED_MASTER_SECRET, EMPTY);
    }

    /** Returns session_ticket with a ticket to resume with, or empty to ask for one (RFC 5077, 3.2). */
    public static Extension sessionTicket(byte[] ticket) {
        return new Extension(SESSION_TICKET, ticket);
    }

    /** Returns the renegotiation_info of an initial handshake (RFC 5746, 3.4). */
    public static Extension renegotiationInfo() {
        return new Extension(RENEGOTIATION_INFO, new byte[]{0});
    }

    /** Returns a client's supported_versions (RFC 8446, 4.2.1). */
    public static Extension supportedVersions(List<ProtocolVersion> versions) {
        return of(SUPPORTED_VERSIONS,
                out -> Vectors.write8(out, list -> versions.forEach(version -> list.writeShort(version.id()))));
    }

    /** Returns key_share with the client's share in one group (RFC 8446, 4.2.8). */
    public static Extension keyShare(NamedGroup group, byte[] publicValue) {
        return of(KEY_SHARE, out -> Vectors.write16(out, list -> {
            list.writeShort(group.id());
            Vectors.write16(list, publicValue);
        }));
    }

    /** Returns key_share without any share. */
    public static Extension noKeyShare() {
        return of(KEY_SHARE, out -> Vectors.write16(out, _ -> {}));
    }

    /** Returns psk_key_exchange_modes with either {@link #PSK_KE} or {@link #PSK_DHE_KE} (RFC 8446, 4.2.9). */
    public static Extension pskKeyExchangeMode(int mode) {
        return of(PSK_KEY_EXCHANGE_MODES, out -> Vectors.write8(out, new byte[]{(byte) mode}));
    }

    /** Resumption with the session's key alone. */
    public static final int PSK_KE = 0;
    /** Resumption with the session's key and a key exchange. */
    public static final int PSK_DHE_KE = 1;

    /**
     * Returns pre_shared_key with one session to resume, and zeros in place of its binder, the last bytes of the hello
     * (RFC 8446, 4.2.11).
     *
     * @param obfuscatedAge the ticket's age in milliseconds plus its age_add, modulo 2<sup>32</sup>
     * @param binderLength  the length of the suite's hash, in bytes
     */
    public static Extension preSharedKey(byte[] ticket, int obfuscatedAge, int binderLength) {
        return of(PRE_SHARED_KEY, out -> {
            Vectors.write16(out, identities -> {
                Vectors.write16(identities, ticket);
                identities.writeInt(obfuscatedAge);
            });
            Vectors.write16(out, binders -> Vectors.write8(binders, new byte[binderLength]));
        });
    }

    /** Returns how many bytes at the end of {@link #preSharedKey} its binder does not cover. */
    public static int bindersLength(int binderLength) {
        return Short.BYTES + Byte.BYTES + binderLength;
    }

    /** Returns the early_data of a ClientHello that is followed by application data (RFC 8446, 4.2.10). */
    public static Extension earlyData() {
        return new Extension(EARLY_DATA, EMPTY);
    }

    /** Returns the version that a server's supported_versions selects (RFC 8446, 4.2.1). */
    public int selectedVersion() throws Fault {
        return whole("supported_versions", ByteBuf::readUnsignedShort);
    }

    /** Returns the index, among the offered sessions, of the one that the server resumed (RFC 8446, 4.2.11). */
    public int selectedIdentity() throws Fault {
        return whole("pre_shared_key", ByteBuf::readUnsignedShort);
    }

    /** Returns the number of the group that a HelloRetryRequest asks for. */
    public int selectedGroup() throws Fault {
        return whole("key_share", ByteBuf::readUnsignedShort);
    }

    /** Returns the cookie of a HelloRetryRequest, at least one byte (RFC 8446, 4.2.2). */
    public byte[] cookie() throws Fault {
        return whole("cookie", in -> {
            var cookie = Vectors.read16(in);
            if (cookie.length == 0) {
                throw new Fault(Violation.COOKIE_EMPTY);
            }
            return cookie;
        });
    }

    /** A key share as encoded on the wire. */
    public record Share(int group, byte[] publicValue) {}

    /** Returns a server's key share. */
    public Share share() throws Fault {
        return whole("key_share", in -> new Share(in.readUnsignedShort(), Vectors.read16(in)));
    }

    /** Returns how many bytes of early data a ticket allows. */
    public long maxEarlyData() throws Fault {
        return whole("early_data", ByteBuf::readUnsignedInt);
    }

    /** Returns the numbers in a server's signature_algorithms, at least one. */
    public int[] signatureSchemes() throws Fault {
        return whole("signature_algorithms", in -> {
            var schemes = Vectors.numbers(Vectors.slice16(in));
            if (schemes.length == 0) {
                throw new Fault(Violation.SIGNATURE_ALGORITHMS_EMPTY);
            }
            return schemes;
        });
    }

    /**
     * Checks a server's supported_groups, which are not used.
     *
     * @throws Fault if it is not a list of at least one group
     */
    public void checkGroups() throws Fault {
        var groups = whole("supported_groups", in -> Vectors.numbers(Vectors.slice16(in)));
        if (groups.length == 0) {
            throw new Fault(Violation.SUPPORTED_GROUPS_EMPTY);
        }
    }

    private interface Reader<T> {
        T from(ByteBuf in) throws Fault;
    }

    /** Returns what {@code reader} reads, which must be the whole content. */
    private <T> T whole(String name, Reader<T> reader) throws Fault {
        var in = Unpooled.wrappedBuffer(data);
        try {
            var value = reader.from(in);
            if (!in.isReadable()) {
                return value;
            }
        } catch (IndexOutOfBoundsException _) {
            // too short is malformed as well
        }
        throw new Fault(Violation.EXTENSION_MALFORMED, name);
    }

    /**
     * Returns the one protocol that a server's ALPN extension names.
     *
     * @throws Fault if it does not name exactly one
     */
    public String alpnChoice() throws Fault {
        var in = Unpooled.wrappedBuffer(data);
        try {
            var list = Vectors.slice16(in);
            var protocol = new String(Vectors.read8(list), StandardCharsets.US_ASCII);
            if (!list.isReadable() && !in.isReadable() && !protocol.isEmpty()) {
                return protocol;
            }
        } catch (IndexOutOfBoundsException _) {
            // too short is malformed as well
        }
        throw new Fault(Violation.ALPN_NOT_ONE);
    }

    /** Returns the extension of this type, or {@code null}. */
    static @Nullable Extension of(List<Extension> extensions, int type) {
        for (var extension : extensions) {
            if (extension.type == type) {
                return extension;
            }
        }
        return null;
    }

    /** Writes a hello's extensions; writes nothing if there are none, as RFC 5246 requires. */
    static void encodeAll(ByteBuf out, List<Extension> extensions) {
        if (!extensions.isEmpty()) {
            encodeBlock(out, extensions);
        }
    }

    /** Writes extensions after their length, even if there are none (RFC 8446, 4). */
    static void encodeBlock(ByteBuf out, List<Extension> extensions) {
        Vectors.write16(out, block -> {
            for (var extension : extensions) {
                block.writeShort(extension.type);
                Vectors.write16(block, extension.data);
            }
        });
    }

    static List<Extension> decodeAll(ByteBuf in, String message) throws Fault {
        return in.isReadable() ? decodeBlock(in, message) : List.of();
    }

    static List<Extension> decodeBlock(ByteBuf in, String message) throws Fault {
        var block = Vectors.slice16(in);
        var extensions = new ArrayList<Extension>(8);
        while (block.isReadable()) {
            var extension = new Extension(block.readUnsignedShort(), Vectors.read16(block));
            for (var earlier : extensions) {
                if (earlier.type == extension.type) {
                    throw new Fault(Violation.EXTENSION_TWICE, message, extension.type);
                }
            }
            extensions.add(extension);
        }
        return extensions;
    }

    private static Extension of(int type, Consumer<ByteBuf> content) {
        var out = Unpooled.buffer();
        content.accept(out);
        return new Extension(type, ByteBufUtil.getBytes(out));
    }
}
