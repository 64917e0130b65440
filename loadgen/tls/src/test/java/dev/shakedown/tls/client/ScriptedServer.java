package dev.shakedown.tls.client;

import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.crypto.Dialect;
import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.crypto.FinishedMac;
import dev.shakedown.tls.crypto.KeyBlock;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.crypto.PremasterSecret;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.old.Dialects;
import dev.shakedown.tls.crypto.old.OldSignature;
import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;

/**
 * An in-memory server for TLS 1.2 and older versions. {@link #honest} does what the RFCs require at each step;
 * everything else lets a script break rules. It checks what the client sends and keeps its alerts.
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
        /** After the last message. */
        AFTERWARDS
    }

    static final byte[] PRIME = HexFormat.of().parseHex("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e08"
            + "8a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6"
            + "f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff");

    private final Kind kind;

    // What a correct server would do; a test may choose otherwise.
    boolean resumes;
    MasterSecret oldMaster = Tls12Exchange.OLD_MASTER;
    byte[] sessionId = {1, 2, 3};
    byte[] ticket = {5, 6, 7};
    /** Whether it has asked the client for a certificate. */
    private boolean asked;

    private RecordProtection writing;
    private ClientHello clientHello;
    private ServerHello serverHello;
    private KeyShare share;
    private MasterSecret master;
    private final Dialect dialect;
    private KeyBlock keys;
    private boolean clientFinished;
    private byte[] clientsVerifyData;

    ScriptedServer(Kind kind, Consumer<ByteBuf> toClient) {
        super(toClient, kind.version.id());
        this.kind = kind;
        this.resumes = kind.resumes();
        this.writing = new RecordProtection.None(version);
        this.dialect = Dialects.of(kind.version, kind.suite);
    }

    // Receiving from the client

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
        if (type == CertificateVerify.TYPE && asked) {
            transcript.add(raw);
            return;
        }
        var message = HandshakeMessage.decode(type, body, kind.suite.keyExchange(), kind.version);
        transcript.add(raw);
        switch (message) {
            case ClientHello hello -> {
                clientHello = hello;
                transcript.begin(dialect);
            }
            case Certificate certificate -> {
                if (!certificate.chain().isEmpty() && !asked) {
                    throw new AssertionError("the client's certificate was not requested");
                }
            }
            case ClientKeyExchange exchange -> deriveKeys(premaster(exchange.value()));
            case Finished finished -> {
                if (!FinishedMac.CLIENT.verify(primitives, dialect, master,
                        transcript.hashBeforeLast(), finished.verifyData())) {
                    throw new AssertionError("the client's Finished is wrong");
                }
                clientsVerifyData = finished.verifyData();
                clientFinished = true;
            }
            default -> throw new AssertionError("no client sends " + message.label());
        }
    }

    private PremasterSecret premaster(byte[] value) throws Fault, GeneralSecurityException {
        switch (kind.suite.keyExchange()) {
            case ECDHE -> {
                return share.agree(value);
            }
            case DHE -> {
                return Pair.DIFFIE_HELLMAN.agree(value);
            }
            case RSA -> {
                // below
            }
        }
        var rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        rsa.init(Cipher.DECRYPT_MODE, TestIdentity.RSA.key());
        return new PremasterSecret(rsa.doFinal(value));
    }

    private void deriveKeys(PremasterSecret premaster) {
        useMaster(serverHello.extension(Extension.EXTENDED_MASTER_SECRET) == null
                ? MasterSecret.derive(primitives, dialect, premaster, clientHello.random(), serverHello.random())
                : MasterSecret.deriveExtended(primitives, dialect, premaster, transcript.hash()));
    }

    private void useMaster(MasterSecret secret) {
        master = secret;
        keys = master.expand(primitives, dialect, kind.suite, clientHello.random(), serverHello.random());
    }

    private RecordProtection protection(KeyBlock.Keys direction) {
        return protection(primitives, direction);
    }

    private RecordProtection protection(Primitives algorithms, KeyBlock.Keys direction) {
        var protection = RecordProtection.of(algorithms, dialect, kind.suite, direction,
                serverHello.extension(Extension.ENCRYPT_THEN_MAC) != null);
        return kind == Kind.DEFLATED ? RecordProtection.deflated(protection) : protection;
    }

    // Honest steps

    @Override
    void honest(Step step) {
        switch (step) {
            case SERVER_HELLO -> hello(hello());
            case CERTIFICATE -> send(new Certificate(identity().chain()));
            case SERVER_KEY_EXCHANGE -> send(keyExchange());
            case SERVER_HELLO_DONE -> send(new ServerHelloDone());
            case NEW_SESSION_TICKET -> send(new NewSessionTicket(300, ticket));
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

    /** Returns a ServerHello that resumes the offered session. */
    ServerHello hello() {
        var extensions = new ArrayList<>(List.of(Extension.renegotiationInfo()));
        if (!kind.isSsl3()) {
            extensions.add(Extension.alpn(List.of("h2")));
        }
        if (kind.extendsMaster()) {
            extensions.add(Extension.extendedMasterSecret());
        }
        if (kind.suite.bulk().isCbc() && !kind.isSsl3()) {
            extensions.add(Extension.encryptThenMac());
        }
        if (kind.suite.keyExchange() == KeyExchange.ECDHE) {
            extensions.add(Extension.ecPointFormats());
        }
        if (kind.tickets()) {
            extensions.add(Extension.sessionTicket(new byte[0]));
        }
        var echoed = resumes ? clientHello.sessionId() : sessionId;
        return new ServerHello(version, new byte[32], echoed, kind.suite.id(), kind == Kind.DEFLATED ? 1 : 0,
                extensions);
    }

    /** Sends {@code hello} and continues according to it. */
    void hello(ServerHello hello) {
        serverHello = hello;
        send(hello);
        if (resumes) {
            useMaster(oldMaster);
        }
    }

    ServerKeyExchange keyExchange() {
        return kind.suite.keyExchange() == KeyExchange.DHE ? dhKeyExchange() : onCurve();
    }

    ServerKeyExchange.Ecdhe onCurve() {
        var group = kind.verifies() ? NamedGroup.SECP256R1 : NamedGroup.X25519;
        share = ServerShare.pair(group);
        return signed(identity(), group, share.publicValue());
    }

    /** Returns a ServerKeyExchange that {@code signer} signs. */
    ServerKeyExchange.Ecdhe signed(TestIdentity signer, NamedGroup group, byte[] point) {
        var rsa = signer == TestIdentity.RSA;
        var scheme = rsa ? SignatureScheme.RSA_PKCS1_SHA256 : SignatureScheme.ECDSA_SECP256R1_SHA256;
        var params = Unpooled.buffer();
        new ServerKeyExchange.Ecdhe(group.id(), point, scheme.id(), new byte[0]).signedParams(params);
        if (kind.version != ProtocolVersion.TLS_1_2) {
            return new ServerKeyExchange.Ecdhe(group.id(), point, ServerKeyExchange.NO_SCHEME,
                    signedOld(signer, params));
        }
        try {
            var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(signer.key());
            signature.update(clientHello.random());
            signature.update(serverHello.random());
            signature.update(ByteBufUtil.getBytes(params));
            return new ServerKeyExchange.Ecdhe(group.id(), point, scheme.id(), signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a key exchange in a group of 1,024 bits (RFC 2409, 6.2), which is fast. */
    private ServerKeyExchange.Dhe dhKeyExchange() {
        return dhSigned(PRIME, new byte[]{2}, Pair.DIFFIE_HELLMAN.publicValue());
    }

    /** One pair for all servers, generated at first use. */
    private static final class Pair {
        static final DiffieHellman DIFFIE_HELLMAN = generate();

        private static DiffieHellman generate() {
            try {
                DiffieHellman pair;
                // One in 256 is a byte shorter, but tests that count bytes need messages of constant length.
                do {
                    pair = DiffieHellman.generate(DiffieHellman.group(PRIME, new byte[]{2}));
                } while (pair.publicValue().length < PRIME.length);
                return pair;
            } catch (Fault e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns a DHE key exchange signed with the server's own key. */
    ServerKeyExchange.Dhe dhSigned(byte[] prime, byte[] generator, byte[] publicValue) {
        var scheme = kind.version == ProtocolVersion.TLS_1_2
                ? SignatureScheme.RSA_PKCS1_SHA256.id()
                : ServerKeyExchange.NO_SCHEME;
        var params = Unpooled.buffer();
        new ServerKeyExchange.Dhe(prime, generator, publicValue, scheme, new byte[0]).signedParams(params);
        return new ServerKeyExchange.Dhe(prime, generator, publicValue, scheme,
                kind.version == ProtocolVersion.TLS_1_2
                        ? identity().sign(SignatureScheme.RSA_PKCS1_SHA256, withRandoms(params))
                        : signedOld(identity(), params));
    }

    private byte[] signedOld(TestIdentity signer, ByteBuf params) {
        return OldSignature.sign(primitives, signer.client(), withRandoms(params));
    }

    private byte[] withRandoms(ByteBuf params) {
        return joined(joined(clientHello.random(), serverHello.random()), ByteBufUtil.getBytes(params));
    }

    /** Requests a certificate, which need not be valid. */
    void askForCertificate() {
        askForCertificate(new byte[]{1, 64}, SignatureScheme.RSA_PKCS1_SHA256);
    }

    void askForCertificate(byte[] types, SignatureScheme scheme) {
        asked = true;
        send(new CertificateRequest(types, new int[]{scheme.id()}, List.of()));
    }

    MasterSecret master() {
        return master;
    }

    void changeCipherSpec() {
        record(ContentType.CHANGE_CIPHER_SPEC, 1);
        writing = protection(keys.server());
    }

    Finished finished() {
        return new Finished(
                FinishedMac.SERVER.make(primitives, dialect, master, transcript.hash()));
    }

    /** Returns the client's Finished, as if it were the server's own. */
    Finished clientsFinished() {
        return new Finished(clientsVerifyData);
    }

    // Actions for scripts

    /** Sends one record under the keys whose content should be compressed but is {@code content}. */
    void uncompressed(byte[] content) {
        raw(sealed(RecordProtection.of(new Primitives(), dialect, kind.suite, keys.server(),
                serverHello.extension(Extension.ENCRYPT_THEN_MAC) != null), ContentType.HANDSHAKE, content));
    }

    /** Sends one record under keys that are not in use yet, or the wrong ones. */
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

    /** Returns an honest handshake except for its ServerHello. */
    static Script<Step, ScriptedServer> hello(UnaryOperator<ServerHello> change) {
        return Script.instead(Step.SERVER_HELLO, server -> server.hello(change.apply(server.hello())));
    }
}
