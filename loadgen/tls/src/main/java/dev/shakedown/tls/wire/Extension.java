package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A hello extension: its number and content (RFC 5246, 7.4.1.4), with the contents that a client sends and reads. */
public record Extension(int type, byte[] data) {
    public static final int SERVER_NAME = 0;
    public static final int SUPPORTED_GROUPS = 10;
    public static final int EC_POINT_FORMATS = 11;
    public static final int SIGNATURE_ALGORITHMS = 13;
    public static final int ALPN = 16;
    /** Nothing but length (RFC 7685). */
    public static final int PADDING = 21;
    public static final int ENCRYPT_THEN_MAC = 22;
    public static final int EXTENDED_MASTER_SECRET = 23;
    /** How long records may be (RFC 8449). */
    public static final int RECORD_SIZE_LIMIT = 28;
    public static final int SESSION_TICKET = 35;
    public static final int PRE_SHARED_KEY = 41;
    public static final int EARLY_DATA = 42;
    public static final int SUPPORTED_VERSIONS = 43;
    public static final int COOKIE = 44;
    public static final int PSK_KEY_EXCHANGE_MODES = 45;
    /** What certificates may be signed with, where that differs (RFC 8446, 4.2.3). */
    public static final int SIGNATURE_ALGORITHMS_CERT = 50;
    public static final int KEY_SHARE = 51;
    public static final int RENEGOTIATION_INFO = 0xff01;

    /** A certificate's state of revocation (RFC 6066, 8). */
    public static final int STATUS_REQUEST = 5;
    /** RFC 6962, 3.3. */
    public static final int SIGNED_CERTIFICATE_TIMESTAMP = 18;
    /** RFC 8446, 4.2.4. */
    public static final int CERTIFICATE_AUTHORITIES = 47;
    /** RFC 8446, 4.2.5. */
    public static final int OID_FILTERS = 48;

    private static final byte[] EMPTY = {};

    /** Whether its place among the messages is known, in which it must stay (RFC 8446, 4.2). */
    public boolean isKnown() {
        return switch (type) {
            // Of the table there: server_name, max_fragment_length, use_srtp, heartbeat, the certificate types,
            // padding, post_handshake_auth.
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

    /** The name of the server that is wanted (RFC 6066, 3); {@code host} in ASCII. */
    public static Extension serverName(String host) {
        return of(SERVER_NAME, out -> Vectors.write16(out, list -> {
            list.writeByte(0);
            Vectors.write16(list, host.getBytes(StandardCharsets.US_ASCII));
        }));
    }

    /** RFC 8422, 5.1.1. */
    public static Extension supportedGroups(List<NamedGroup> groups) {
        return supportedGroupNumbers(groups.stream().map(NamedGroup::id).toList());
    }

    /** The same of any groups. */
    public static Extension supportedGroupNumbers(List<Integer> groups) {
        return of(SUPPORTED_GROUPS, out -> Vectors.write16(out, list -> groups.forEach(list::writeShort)));
    }

    /** Uncompressed points only (RFC 8422, 5.1.2). */
    public static Extension ecPointFormats() {
        return of(EC_POINT_FORMATS, out -> Vectors.write8(out, new byte[]{0}));
    }

    /** RFC 5246, 7.4.1.4.1. */
    public static Extension signatureAlgorithms(List<SignatureScheme> schemes) {
        return signatureSchemeNumbers(SIGNATURE_ALGORITHMS, schemes.stream().map(SignatureScheme::id).toList());
    }

    /**
     * The same of any schemes.
     *
     * @param type {@link #SIGNATURE_ALGORITHMS} or {@link #SIGNATURE_ALGORITHMS_CERT}
     */
    public static Extension signatureSchemeNumbers(int type, List<Integer> schemes) {
        return of(type, out -> Vectors.write16(out, list -> schemes.forEach(list::writeShort)));
    }

    /** So many zeros (RFC 7685, 3). */
    public static Extension padding(int length) {
        return new Extension(PADDING, new byte[length]);
    }

    /** Application protocols, most wanted first (RFC 7301, 3.1). */
    public static Extension alpn(List<String> protocols) {
        return of(ALPN, out -> Vectors.write16(out, list -> protocols
                .forEach(protocol -> Vectors.write8(list, protocol.getBytes(StandardCharsets.US_ASCII)))));
    }

    /** RFC 7366. */
    public static Extension encryptThenMac() {
        return new Extension(ENCRYPT_THEN_MAC, EMPTY);
    }

    /** RFC 7627. */
    public static Extension extendedMasterSecret() {
        return new Extension(EXTENDED_MASTER_SECRET, EMPTY);
    }

    /** A ticket to resume with, or empty to ask for one (RFC 5077, 3.2). */
    public static Extension sessionTicket(byte[] ticket) {
        return new Extension(SESSION_TICKET, ticket);
    }

    /** Secure renegotiation in an initial handshake (RFC 5746, 3.4). */
    public static Extension renegotiationInfo() {
        return new Extension(RENEGOTIATION_INFO, new byte[]{0});
    }

    /** RFC 8446, 4.2.1. */
    public static Extension supportedVersions(List<ProtocolVersion> versions) {
        return of(SUPPORTED_VERSIONS,
                out -> Vectors.write8(out, list -> versions.forEach(version -> list.writeShort(version.id()))));
    }

    /** The client's share in one group (RFC 8446, 4.2.8). */
    public static Extension keyShare(NamedGroup group, byte[] publicValue) {
        return of(KEY_SHARE, out -> Vectors.write16(out, list -> {
            list.writeShort(group.id());
            Vectors.write16(list, publicValue);
        }));
    }

    /** Of no group at all. */
    public static Extension noKeyShare() {
        return of(KEY_SHARE, out -> Vectors.write16(out, _ -> {}));
    }

    /** {@link #PSK_KE} or {@link #PSK_DHE_KE}, one of them (RFC 8446, 4.2.9). */
    public static Extension pskKeyExchangeMode(int mode) {
        return of(PSK_KEY_EXCHANGE_MODES, out -> Vectors.write8(out, new byte[]{(byte) mode}));
    }

    /** A resumed session's key alone. */
    public static final int PSK_KE = 0;
    /** A resumed session's key, and a key exchange. */
    public static final int PSK_DHE_KE = 1;

    /**
     * One session to resume, with room for its binder, the last bytes of the hello (RFC 8446, 4.2.11).
     *
     * @param obfuscatedAge the ticket's age in milliseconds plus its age_add, modulo 2<sup>32</sup>
     * @param binderLength  bytes of the suite's hash
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

    /** Bytes at the end of {@link #preSharedKey} that its binder does not cover, {@code binderLength} as there. */
    public static int bindersLength(int binderLength) {
        return Short.BYTES + Byte.BYTES + binderLength;
    }

    /** Application data follows the hello (RFC 8446, 4.2.10). */
    public static Extension earlyData() {
        return new Extension(EARLY_DATA, EMPTY);
    }

    /** The version that a server chose (RFC 8446, 4.2.1). */
    public int selectedVersion() throws Fault {
        return whole("supported_versions", ByteBuf::readUnsignedShort);
    }

    /** The session that a server took up, by its place in the offer (RFC 8446, 4.2.11). */
    public int selectedIdentity() throws Fault {
        return whole("pre_shared_key", ByteBuf::readUnsignedShort);
    }

    /** The group that a HelloRetryRequest asks for, as its number. */
    public int selectedGroup() throws Fault {
        return whole("key_share", ByteBuf::readUnsignedShort);
    }

    /** What a HelloRetryRequest wants back, at least one byte (RFC 8446, 4.2.2). */
    public byte[] cookie() throws Fault {
        return whole("cookie", in -> {
            var cookie = Vectors.read16(in);
            if (cookie.length == 0) {
                throw new Fault(Violation.COOKIE_EMPTY);
            }
            return cookie;
        });
    }

    /** A share as it stands on the wire. */
    public record Share(int group, byte[] publicValue) {}

    /** A server's share. */
    public Share share() throws Fault {
        return whole("key_share", in -> new Share(in.readUnsignedShort(), Vectors.read16(in)));
    }

    /** How many bytes of early data a ticket allows. */
    public long maxEarlyData() throws Fault {
        return whole("early_data", ByteBuf::readUnsignedInt);
    }

    /** The numbers in a server's signature_algorithms, at least one. */
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
     * Reads a server's supported_groups, of which nothing is used.
     *
     * @throws Fault when it is not a list of at least one group
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

    /** What {@code reader} reads, if that is all of the content. */
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
     * The one protocol that a server's ALPN extension names.
     *
     * @throws Fault when it does not name exactly one
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

    /** The one of this type, or {@code null}. */
    static @Nullable Extension of(List<Extension> extensions, int type) {
        for (var extension : extensions) {
            if (extension.type == type) {
                return extension;
            }
        }
        return null;
    }

    /** Writes a hello's extensions; nothing at all when there are none, as RFC 5246 asks. */
    static void encodeAll(ByteBuf out, List<Extension> extensions) {
        if (!extensions.isEmpty()) {
            encodeBlock(out, extensions);
        }
    }

    /** Writes extensions behind their length, as every other message has them (RFC 8446, 4). */
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
