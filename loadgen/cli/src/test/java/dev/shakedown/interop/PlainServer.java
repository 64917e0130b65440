package dev.shakedown.interop;

import dev.shakedown.net.prelude.Starttls;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server of a protocol that begins without TLS, from a Debian package, as an instance of its own on a port of
 * 127.0.0.1. They want to be started by root and go on as users that their packages made.
 */
final class PlainServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path directory = Files.createTempDirectory("shakedown-plain-");
    private final int port;
    private final Process process;
    private final Thread atExit = new Thread(this::end, "plain-end");

    PlainServer(Starttls protocol) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            new Executable(protocol.label() + " server (started by root)", "for " + protocol.label()).missing();
        }
        // Users of the servers' own pass through.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        port = Peer.freePort();
        write("chain.pem", ServerCertificate.RSA_2048.chainPem());
        write("key.pem", ServerCertificate.RSA_2048.keyPem());
        var command = switch (protocol) {
            case SMTP -> postfix();
            case IMAP, POP3 -> dovecot(protocol.label());
            case POSTGRES -> postgres();
            case LDAP -> slapd();
            case FTP -> vsftpd();
            case XMPP -> prosody();
            case MYSQL -> throw new IllegalArgumentException("not run here");
        };
        Runtime.getRuntime().addShutdownHook(atExit);
        process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile()).start();
        awaitStart();
    }

    int port() {
        return port;
    }

    private List<String> postfix() throws IOException {
        require("postfix", "postfix");
        write("main.cf", """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                mail_owner = postfix
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                mydestination =
                smtpd_tls_security_level = may
                smtpd_tls_chain_files = %1$s/key.pem, %1$s/chain.pem
                smtpd_tls_session_cache_database = btree:%1$s/data/sessions
                smtpd_client_connection_rate_limit = 0
                smtpd_client_connection_count_limit = 0
                smtpd_peername_lookup = no
                maillog_file = %1$s/mail.log
                maillog_file_prefixes = %1$s
                """.formatted(directory));
        write("master.cf", """
                127.0.0.1:%d inet n - n - - smtpd
                rewrite unix - - n - - trivial-rewrite
                tlsmgr unix - - n 1000? 1 tlsmgr
                anvil unix - - n - 1 anvil
                proxymap unix - - n - - proxymap
                cleanup unix n - n - 0 cleanup
                postlog unix-dgram n - n - 1 postlogd
                """.formatted(port));
        Files.createDirectories(directory.resolve("queue/pid"));
        Files.createDirectories(directory.resolve("queue/public"));
        Files.createDirectories(directory.resolve("queue/private"));
        own("postfix", Files.createDirectories(directory.resolve("data")).toString(),
                directory.resolve("queue/public").toString(), directory.resolve("queue/private").toString());
        return List.of("/usr/lib/postfix/sbin/master", "-d", "-c", directory.toString());
    }

    private List<String> dovecot(String protocol) throws IOException {
        require("dovecot", "dovecot-imapd and dovecot-pop3d");
        write("dovecot.conf", """
                protocols = %1$s
                base_dir = %2$s/run
                state_dir = %2$s/state
                log_path = %2$s/dovecot.log
                listen = 127.0.0.1
                ssl = yes
                ssl_cert = <%2$s/chain.pem
                ssl_key = <%2$s/key.pem
                login_trusted_networks = 127.0.0.0/8
                mail_max_userip_connections = 1000
                service %1$s-login {
                  client_limit = 1000
                  inet_listener %1$s {
                    port = %3$d
                  }
                  inet_listener %1$ss {
                    port = 0
                  }
                }
                passdb {
                  driver = static
                  args = nopassword=y
                }
                userdb {
                  driver = static
                  args = uid=nobody gid=nogroup home=%2$s
                }
                """.formatted(protocol, directory, port));
        return List.of("/usr/sbin/dovecot", "-F", "-c", directory.resolve("dovecot.conf").toString());
    }

    private List<String> postgres() throws IOException {
        var binaries = binaries();
        var data = Files.createDirectories(directory.resolve("data"));
        own("postgres", data.toString(), directory.resolve("key.pem").toString());
        Files.setPosixFilePermissions(directory.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        does("runuser", "-u", "postgres", "--", binaries.resolve("initdb").toString(), "-D", data.toString(),
                "--no-sync");
        return List.of("runuser", "-u", "postgres", "--", binaries.resolve("postgres").toString(), "-D",
                data.toString(),
                "-p", String.valueOf(port), "-h", "127.0.0.1", "-k", "", "-c", "ssl=on", "-c",
                "ssl_cert_file=" + directory.resolve("chain.pem"), "-c",
                "ssl_key_file=" + directory.resolve("key.pem"));
    }

    private static Path binaries() throws IOException {
        try (var versions = Files.exists(Path.of("/usr/lib/postgresql"))
                ? Files.list(Path.of("/usr/lib/postgresql"))
                : Stream.<Path>empty()) {
            var found = versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.exists(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
            if (found.isEmpty()) {
                new Executable("postgres", "postgresql").missing();
            }
            return found.orElseThrow();
        }
    }

    private List<String> slapd() throws IOException {
        require("slapd", "slapd");
        write("slapd.conf", """
                TLSCertificateFile %1$s/chain.pem
                TLSCertificateKeyFile %1$s/key.pem
                database config
                """.formatted(directory));
        return List.of("/usr/sbin/slapd", "-h", "ldap://127.0.0.1:" + port, "-f",
                directory.resolve("slapd.conf").toString(),
                "-d", "0");
    }

    private List<String> vsftpd() throws IOException {
        require("vsftpd", "vsftpd");
        write("vsftpd.conf", """
                listen=YES
                background=NO
                listen_address=127.0.0.1
                listen_port=%2$d
                ssl_enable=YES
                rsa_cert_file=%1$s/chain.pem
                rsa_private_key_file=%1$s/key.pem
                require_ssl_reuse=NO
                ssl_ciphers=HIGH
                secure_chroot_dir=%1$s
                """.formatted(directory, port));
        return List.of("/usr/sbin/vsftpd", directory.resolve("vsftpd.conf").toString());
    }

    private List<String> prosody() throws IOException {
        require("prosody", "prosody");
        own("prosody", directory.toString(), directory.resolve("key.pem").toString());
        write("prosody.lua", """
                pidfile = "%1$s/pid"
                data_path = "%1$s"
                modules_enabled = { "tls", "saslauth" }
                modules_disabled = { "s2s" }
                interfaces = { "127.0.0.1" }
                c2s_ports = { %2$d }
                s2s_ports = { }
                c2s_require_encryption = true
                ssl = { key = "%1$s/key.pem", certificate = "%1$s/chain.pem" }
                log = { info = "%1$s/prosody.log" }
                limits = { }
                VirtualHost "127.0.0.1"
                """.formatted(directory, port));
        return List.of("runuser", "-u", "prosody", "--", "prosody", "--config",
                directory.resolve("prosody.lua").toString(), "-F");
    }

    private static void require(String binary, String debianPackage) {
        new Executable(binary, debianPackage).require();
    }

    private void own(String user, String... files) throws IOException {
        does(Stream.concat(Stream.of("chown", user), Stream.of(files)).toArray(String[]::new));
    }

    private void does(String... command) throws IOException {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("setup.log").toFile()).start();
            if (process.waitFor() != 0) {
                throw new IOException(List.of(command) + " failed" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void awaitStart() throws IOException {
        for (var start = System.nanoTime(); System.nanoTime() - start < PATIENCE_NANOS && process.isAlive();) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException _) {
                Peer.pause();
            }
        }
        var log = log();
        close();
        throw new IOException("the server does not accept" + log);
    }

    String log() {
        try (var files = Files.list(directory)) {
            var log = new StringBuilder();
            for (var file : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
                log.append("\n--- ").append(file.getFileName()).append('\n').append(Files.readString(file));
            }
            return log.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Override
    public void close() throws IOException {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            return;
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private void end() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroy);
        try {
            process.waitFor(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
