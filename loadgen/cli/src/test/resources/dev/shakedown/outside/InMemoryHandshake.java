import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.ClientMemory;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.client.ClientState;
import dev.shakedown.tls.client.Output;
import dev.shakedown.tls.client.Progress;
import dev.shakedown.tls.client.Session;
import dev.shakedown.tls.client.SessionMemory;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.File;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** Handshakes of the client with an SSLEngine, without a socket. Arguments: the server's key store and its password. */
void main(String[] arguments) throws Exception {
    var password = arguments[1].toCharArray();
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(new File(arguments[0]), password), password);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    for (var version : List.of(ProtocolVersion.TLS_1_2, ProtocolVersion.TLS_1_3)) {
        var suite = version == ProtocolVersion.TLS_1_3
                ? CipherSuite.TLS_AES_128_GCM_SHA256
                : CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
        var memory = new ClientMemory(new ClientSettings(List.of(version), List.of(suite),
                List.of(NamedGroup.X25519, NamedGroup.SECP256R1), "localhost", List.of(), true,
                ClientSettings.PskMode.DHE_KE, ClientSettings.KeyShareMode.BASE_POINT,
                ClientSettings.PremasterMode.REUSED, ClientSettings.VerifyMode.NONE, null, null),
                SessionMemory.AS_THE_VERSION_ASKS);
        IO.println(handshake(memory, context.createSSLEngine()));
        IO.println(handshake(memory, context.createSSLEngine()));
    }
}

/** Offers a session if the memory has one, and keeps those that are gained. */
String handshake(ClientMemory memory, SSLEngine server) throws Exception {
    var toServer = Unpooled.buffer();
    var client = new ClientHandshake(memory, memory.sessions().take(System.nanoTime()), new Output() {
        @Override
        public void send(ByteBuf flight, Progress reached) {
            toServer.writeBytes(flight, flight.readerIndex(), flight.readableBytes());
        }

        @Override
        public void reached(Progress progress) {}

        @Override
        public void gained(Session session) {
            memory.sessions().keep(session);
        }
    });
    server.setUseClientMode(false);
    server.beginHandshake();
    client.start(System.nanoTime());
    while (toServer.isReadable()) {
        client.receive(answer(server, toServer), System.nanoTime());
    }
    return switch (client.state()) {
        case ClientState.Done _ -> client.version().label() + " " + client.suite() + " "
                + (client.resumed() ? "resumed" : "full");
        case ClientState.Failed failed -> failed.failure().toString();
        default -> "not finished";
    };
}

/** What the server says to all that it was sent. */
ByteBuf answer(SSLEngine server, ByteBuf in) throws Exception {
    var out = Unpooled.buffer();
    var from = in.nioBuffer();
    while (server.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP || from.hasRemaining()) {
        var room = ByteBuffer.allocate(1 << 16);
        switch (server.getHandshakeStatus()) {
            case NEED_TASK -> server.getDelegatedTask().run();
            case NEED_WRAP -> {
                server.wrap(ByteBuffer.allocate(0), room);
                out.writeBytes(room.flip());
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> server.unwrap(from, room);
            case NOT_HANDSHAKING, FINISHED -> {
                in.clear();
                return out;
            }
        }
    }
    in.clear();
    return out;
}
