package dev.shakedown.tls.client;

import dev.shakedown.tls.client.Scene.Kind;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;

/**
 * A TLS 1.2 server in memory. {@link #honest} does what the RFCs ask at each step; everything else lets a script break
 * rules. It checks what the client sends and keeps its alerts.
 */
final class ScriptedServer extends ScriptedPeer<ScriptedServer.Step> {
    /** The server's messages in wire order. */
    enum Step {
        SERVER_HELLO,
        CERTIFICATE,
        SERVER_KEY_EXCHANGE,
        SERVER_HELLO_DONE,
        NEW_SESSION_TICKET,
        CHANGE_CIPHER_SPEC,
        FINISHED,
        /** Behind the last message. */
        AFTERWARDS
    }

    private final Kind kind;
    private RecordProtection writing = new RecordProtection.None(VERSION);
    private ClientHello clientHello;
    private ServerHello serverHello;
    private KeyShare share;
    private MasterSecret master;
    private KeyBlock keys;
    private boolean clientFinished;

    ScriptedServer(Kind kind, Consumer<ByteBuf> toClient) {
        super(toClient);
        this.kind = kind;
    }

    // What the client sent

    boolean clientFinished() {
        return clientFinished;
    }

    ClientHello clientHello() {
        return clientHello;
    }

    @Override
    void takeChange(ByteBuf content) {
        reading = protection(keys.client());
    }

    @Override
    void takeData(byte[] content) {
        throw new AssertionError("a client in a handshake has no application data");
    }

    @Override
    void takeMessage(ByteBuf raw, int type, ByteBuf body) throws Fault, GeneralSecurityException {
        var message = HandshakeMessage.decode(type, body, kind.suite.keyExchange());
        transcript.add(raw);
        switch (message) {
            case ClientHello hello -> {
                clientHello = hello;
                transcript.begin(kind.suite.prfHash());
            }
            case Certificate certificate -> {
                if (!certificate.chain().isEmpty()) {
                    throw new AssertionError("the client has no certificate");
                }
            }
            case ClientKeyExchange exchange -> deriveKeys(premaster(exchange.value()));
            case Finished finished -> {
                if (!FinishedMac.CLIENT.verify(primitives, kind.suite.prfHash(), master,
                        transcript.hashBeforeLast(), finished.verifyData())) {
                    throw new AssertionError("the client's Finished is wrong");
                }
                clientFinished = true;
            }
            default -> throw new AssertionError("no client sends " + message.label());
        }
    }

    private PremasterSecret premaster(byte[] value) throws Fault, GeneralSecurityException {
        if (kind.suite.keyExchange() == KeyExchange.ECDHE) {
            return share.agree(value);
        }
        var rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        rsa.init(Cipher.DECRYPT_MODE, TestIdentity.RSA.key());
        return new PremasterSecret(rsa.doFinal(value));
    }

    private void deriveKeys(PremasterSecret premaster) {
        var hash = kind.suite.prfHash();
        useMaster(serverHello.extension(Extension.EXTENDED_MASTER_SECRET) == null
                ? MasterSecret.derive(primitives, hash, premaster, clientHello.random(), serverHello.random())
                : MasterSecret.deriveExtended(primitives, hash, premaster, transcript.hash()));
    }

    private void useMaster(MasterSecret secret) {
        master = secret;
        keys = master.expand(primitives, kind.suite, clientHello.random(), serverHello.random());
    }

    private RecordProtection protection(KeyBlock.Keys direction) {
        return protection(primitives, direction);
    }

    private RecordProtection protection(Primitives algorithms, KeyBlock.Keys direction) {
        return RecordProtection.of(algorithms, kind.suite, direction,
                serverHello.extension(Extension.ENCRYPT_THEN_MAC) != null, VERSION);
    }

    // What an honest server sends

    @Override
    void honest(Step step) {
        switch (step) {
            case SERVER_HELLO -> hello(hello());
            case CERTIFICATE -> send(new Certificate(identity().chain()));
            case SERVER_KEY_EXCHANGE -> send(keyExchange());
            case SERVER_HELLO_DONE -> send(new ServerHelloDone());
            case NEW_SESSION_TICKET -> send(new NewSessionTicket(300, new byte[]{5, 6, 7}));
            case CHANGE_CIPHER_SPEC -> changeCipherSpec();
            case FINISHED -> send(finished());
            case AFTERWARDS -> {
                // nothing is due
            }
        }
    }

    TestIdentity identity() {
        return kind.suite.isEcdsa() ? TestIdentity.ECDSA : TestIdentity.RSA;
    }

    /** Takes up the session that was offered. */
    ServerHello hello() {
        var extensions = new ArrayList<>(List.of(Extension.renegotiationInfo(), Extension.alpn(List.of("h2"))));
        if (kind != Kind.BY_OLD_ID) {
            extensions.add(Extension.extendedMasterSecret());
        }
        if (kind.suite.bulk().isCbc()) {
            extensions.add(Extension.encryptThenMac());
        }
        if (kind.suite.keyExchange() == KeyExchange.ECDHE) {
            extensions.add(Extension.ecPointFormats());
        }
        if (kind.tickets()) {
            extensions.add(Extension.sessionTicket(new byte[0]));
        }
        var sessionId = kind.resumes() ? clientHello.sessionId() : new byte[]{1, 2, 3};
        return new ServerHello(VERSION, new byte[32], sessionId, kind.suite.id(), 0, extensions);
    }

    /** Sends {@code hello} and goes on from what it says. */
    void hello(ServerHello hello) {
        serverHello = hello;
        send(hello);
        if (kind.resumes()) {
            useMaster(Scene.OLD_MASTER);
        }
    }

    ServerKeyExchange keyExchange() {
        var group = kind == Kind.VERIFIED ? NamedGroup.SECP256R1 : NamedGroup.X25519;
        share = KeyShare.generate(group);
        return signed(identity(), group, share.publicValue());
    }

    /** A ServerKeyExchange that {@code signer} answers for. */
    ServerKeyExchange signed(TestIdentity signer, NamedGroup group, byte[] point) {
        var rsa = signer == TestIdentity.RSA;
        var scheme = rsa ? SignatureScheme.RSA_PKCS1_SHA256 : SignatureScheme.ECDSA_SECP256R1_SHA256;
        var params = Unpooled.buffer();
        new ServerKeyExchange(group.id(), point, scheme.id(), new byte[0]).signedParams(params);
        try {
            var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(signer.key());
            signature.update(clientHello.random());
            signature.update(serverHello.random());
            signature.update(ByteBufUtil.getBytes(params));
            return new ServerKeyExchange(group.id(), point, scheme.id(), signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void changeCipherSpec() {
        record(ContentType.CHANGE_CIPHER_SPEC, 1);
        writing = protection(keys.server());
    }

    Finished finished() {
        return new Finished(
                FinishedMac.SERVER.make(primitives, kind.suite.prfHash(), master, transcript.hash()));
    }

    // What a script can do

    /** One record that is sent under the keys before their time, or under the wrong ones. */
    void sealed(KeyBlock.Keys direction, ContentType type, byte[] content) {
        raw(sealed(protection(new Primitives(), direction), type, content));
    }

    KeyBlock keys() {
        return keys;
    }

    @Override
    byte[] next(ContentType type, byte[] content) {
        return sealed(writing, type, content);
    }

    /** An honest handshake but for its ServerHello. */
    static Script<Step, ScriptedServer> hello(UnaryOperator<ServerHello> change) {
        return Script.instead(Step.SERVER_HELLO, server -> server.hello(change.apply(server.hello())));
    }
}
