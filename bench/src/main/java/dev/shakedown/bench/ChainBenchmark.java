package dev.shakedown.bench;

import dev.shakedown.server.TlsServerCertificate;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Decodes the server's Certificate message, as every full handshake does, and parses its two certificates, which
 * happens once per server unless {@code --verify always} asks for more.
 */
public class ChainBenchmark extends BenchmarkDefaults {
    List<byte[]> chain;
    private byte[] message;
    private CertificateFactory factory;

    @Setup
    public void setup() throws GeneralSecurityException, Fault {
        factory = CertificateFactory.getInstance("X.509");
        var encoded = new ArrayList<byte[]>();
        for (var certificate : TlsServerCertificate.make()) {
            encoded.add(certificate.chain().getFirst().getEncoded());
        }
        chain = List.copyOf(encoded);
        var out = Unpooled.buffer();
        new Certificate(chain).encode(out);
        message = ByteBufUtil.getBytes(out);
        require(((Certificate) decode()).chain().size() == chain.size(), "the Certificate message");
        require(parse().getFirst().getSubjectX500Principal().getName().equals("CN=localhost"), "a parsed certificate");
    }

    @Benchmark
    public HandshakeMessage decode() throws Fault {
        return HandshakeMessage.decode(Certificate.TYPE, Unpooled.wrappedBuffer(message, HandshakeMessage.HEADER,
                message.length - HandshakeMessage.HEADER), null);
    }

    @Benchmark
    public List<X509Certificate> parse() throws GeneralSecurityException {
        var parsed = new ArrayList<X509Certificate>(chain.size());
        for (var certificate : chain) {
            parsed.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate)));
        }
        return parsed;
    }
}
