package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.DHParameterSpec;
import org.jspecify.annotations.Nullable;

/** What one worker's handshakes share: settings, algorithms, key shares, known servers, sessions. Not thread-safe. */
public final class ClientMemory {
    /** More chains than any server farm behind one address shows. */
    private static final int MAX_SERVERS = 64;

    private final ClientSettings settings;
    private final HelloOffer offer;
    private final SessionMemory sessions;
    private final Primitives primitives;
    private final SecureRandom secretRandom;
    private final Map<NamedGroup, KeyShare> shares = new EnumMap<>(NamedGroup.class);
    private @Nullable DiffieHellman reused;
    private final List<ServerIdentity> servers = new ArrayList<>();
    private final ByteBuf messages = Unpooled.buffer(1024);
    private final ByteBuf flight = Unpooled.buffer(1024);

    /** @param resumeUses how often one session is offered, as in {@link SessionMemory} */
    public ClientMemory(ClientSettings settings, int resumeUses) {
        this(settings, resumeUses, new HelloOffer(settings), new Primitives(), new SecureRandom());
    }

    /** With hellos and sources of randomness of one's own, so that a handshake can be repeated byte for byte. */
    ClientMemory(ClientSettings settings, int resumeUses, HelloOffer offer, Primitives primitives,
            SecureRandom secretRandom) {
        this.primitives = primitives;
        this.secretRandom = secretRandom;
        this.settings = settings;
        this.offer = offer;
        this.sessions = new SessionMemory(resumeUses);
    }

    public SessionMemory sessions() {
        return sessions;
    }

    /** Whether there is a certificate for servers that ask for one. */
    public boolean holdsCertificate() {
        return settings.identity() != null;
    }

    public boolean offers(ProtocolVersion version) {
        return settings.offers(version);
    }

    ClientSettings settings() {
        return settings;
    }

    HelloOffer offer() {
        return offer;
    }

    Primitives primitives() {
        return primitives;
    }

    SecureRandom secretRandom() {
        return secretRandom;
    }

    /**
     * A key pair in {@code group}; of the hybrid group's, which costs what fresh ones cost, only FRESH makes more than
     * one.
     */
    KeyShare keyShare(NamedGroup group) {
        return switch (settings.keyShare()) {
            case FRESH -> KeyShare.generate(group);
            case REUSED -> shares.computeIfAbsent(group, KeyShare::generate);
            case BASE_POINT -> shares.computeIfAbsent(group, KeyShare::basePoint);
        };
    }

    /**
     * The same in a group of the server's own.
     *
     * @throws Fault when none can be made there
     */
    DiffieHellman keyShare(DHParameterSpec group) throws Fault {
        return switch (settings.keyShare()) {
            case FRESH -> DiffieHellman.generate(group);
            case REUSED -> {
                if (reused == null || !reused.isIn(group)) {
                    reused = DiffieHellman.generate(group);
                }
                yield reused;
            }
            case BASE_POINT -> DiffieHellman.basePoint(group);
        };
    }

    ServerIdentity server(List<byte[]> chain) {
        for (var server : servers) {
            if (server.has(chain)) {
                return server;
            }
        }
        if (servers.size() == MAX_SERVERS) {
            servers.removeFirst();
        }
        var server = new ServerIdentity(chain);
        servers.add(server);
        return server;
    }

    /** Where the messages of one flight are put together that share a record; left empty when the flight has left. */
    ByteBuf messages() {
        return messages;
    }

    /** Where one flight is put together; left empty when it has left. */
    ByteBuf flight() {
        return flight;
    }
}
