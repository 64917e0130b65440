package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.crypto.KeySchedule.PreSharedKey;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/**
 * Checks a ClientHello that offers TLS 1.3 (RFC 8446, 4.1.2, 4.2 and D.4).
 *
 * @param first     the ClientHello before it; {@code null} if it is the first
 * @param group     the group of its key share
 * @param cookie    the cookie to send back, or {@code null}
 * @param session   the session to offer, or {@code null}
 * @param key       the session's key, as the server knows it
 * @param earlyData whether early data is announced
 */
record OfferCheck(ClientSettings settings, ClientHello first, NamedGroup group, Extension cookie,
        Session.Tls13 session, PreSharedKey key, boolean earlyData) {
    /** The unknown time at which a client on another clock received a ticket. */
    static final long UNKNOWN = Long.MIN_VALUE;

    /** A client's key share as encoded on the wire. */
    record Share(NamedGroup group, byte[] publicValue) {}

    /** Fails the test if {@code hello} is not as it should be. */
    void of(ClientHello hello) {
        check(hello.version() == ScriptedPeer.VERSION, "legacy_version is another");
        check(hello.sessionId().length == 32, "session ID is not one that the server can echo");
        check(Arrays.equals(hello.compressionMethods(), new byte[1]), "hello offers compression");
        check(Arrays.equals(hello.cipherSuites(), settings.suites().stream().mapToInt(CipherSuite::id).toArray()),
                "suites are others");
        check(hello.extensions().stream().map(Extension::type).distinct().count() == hello.extensions().size(),
                "hello has an extension twice");
        checkExtension(hello, Extension.supportedVersions(settings.versions()));
        checkExtension(hello, Extension.supportedGroups(settings.groups()));
        checkExtension(hello, Extension.signatureAlgorithms(List.of(SignatureScheme.values())));
        checkExtension(hello, new Extension(Extension.PSK_KEY_EXCHANGE_MODES,
                ScriptedPeer.bytes(1, settings.pskMode() == PskMode.KE ? 0 : 1)));
        var share = share(hello);
        check(share.group == group && share.publicValue.length == ServerShare.clientLength(group),
                "key share is another");
        check((extension(hello, Extension.EARLY_DATA) != null) == earlyData,
                "early_data is where it should not be, or not where it should");
        check(extension(hello, Extension.COOKIE) == null == (cookie == null), "cookie is none that was given");
        if (cookie != null) {
            checkExtension(hello, cookie);
        }
        if (session == null) {
            check(extension(hello, Extension.PRE_SHARED_KEY) == null, "hello offers a session that there is not");
        }
        if (first != null) {
            checkSecond(hello);
        }
    }

    private static void checkExtension(ClientHello hello, Extension due) {
        var sent = extension(hello, due.type());
        check(sent != null && Arrays.equals(sent.data(), due.data()), "extension " + due.type() + " is another");
    }

    /** Checks that only what was requested has changed (RFC 8446, 4.1.2). */
    private void checkSecond(ClientHello hello) {
        check(Arrays.equals(hello.random(), first.random()) && Arrays.equals(hello.sessionId(), first.sessionId()),
                "second hello is another");
        check(same(unchanging(hello), unchanging(first)), "second hello has other extensions");
        check(group != share(first).group || Arrays.equals(share(hello).publicValue, share(first).publicValue),
                "key share is not the first one");
    }

    private static List<Extension> unchanging(ClientHello hello) {
        return hello.extensions().stream().filter(extension -> switch (extension.type()) {
            case Extension.KEY_SHARE, Extension.EARLY_DATA, Extension.PRE_SHARED_KEY, Extension.COOKIE -> false;
            default -> true;
        }).toList();
    }

    private static boolean same(List<Extension> one, List<Extension> other) {
        for (var i = 0; i < one.size() && i < other.size(); i++) {
            if (one.get(i).type() != other.get(i).type() || !Arrays.equals(one.get(i).data(), other.get(i).data())) {
                return false;
            }
        }
        return one.size() == other.size();
    }

    /**
     * Checks the offered session and its binder (RFC 8446, 4.2.11).
     *
     * @param raw        the hello as received
     * @param transcript what came before it
     */
    void session(ClientHello hello, ByteBuf raw, Transcript transcript, Primitives primitives) {
        if (session == null) {
            return;
        }
        var last = hello.extensions().getLast();
        check(last.type() == Extension.PRE_SHARED_KEY, "pre_shared_key is not the last extension");
        var in = Unpooled.wrappedBuffer(last.data());
        var ticket = session.ticket();
        check(in.readUnsignedShort() == ticket.length + 6 && in.readUnsignedShort() == ticket.length
                && in.readSlice(ticket.length).equals(Unpooled.wrappedBuffer(ticket)), "ticket is another");
        var age = in.readInt();
        check(session.receivedNanos() == UNKNOWN
                || age - session.ageAdd() == (Tls13Exchange.NOW - session.receivedNanos()) / 1_000_000,
                "ticket has another age");
        var length = key.hash().length();
        check(in.readUnsignedShort() == length + 1 && in.readUnsignedByte() == length && in.readableBytes() == length,
                "binder has another form");
        var truncated = raw.slice(raw.readerIndex(), raw.readableBytes() - length - 3);
        check(Unpooled.wrappedBuffer(key.early(primitives).resumptionBinder(primitives,
                transcript.hashWith(key.hash(), truncated))).equals(in), "binder is wrong");
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError("the client's " + otherwise);
        }
    }

    static Extension extension(ClientHello hello, int type) {
        return hello.extensions().stream().filter(extension -> extension.type() == type).findFirst().orElse(null);
    }

    /** Returns the only share that the client sent. */
    static Share share(ClientHello hello) {
        var in = Unpooled.wrappedBuffer(extension(hello, Extension.KEY_SHARE).data());
        check(in.readUnsignedShort() == in.readableBytes(), "key_share has another form");
        var group = NamedGroup.of(in.readUnsignedShort());
        check(in.readUnsignedShort() == in.readableBytes(), "key_share has not one entry");
        return new Share(group, ByteBufUtil.getBytes(in));
    }
}
