package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ClientSettings.PskMode;
import dev.shakedown.tls.client.ClientSettings.VerifyMode;
import dev.shakedown.tls.crypto.ClientIdentity;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import java.util.List;

/** Settings that differ from others in one field. */
final class ChangedSettings {
    private ChangedSettings() {}

    static ClientSettings suites(ClientSettings s, CipherSuite... suites) {
        return new ClientSettings(s.versions(), List.of(suites), s.groups(), s.sni(), s.alpn(), s.tickets(),
                s.pskMode(), s.keyShare(), s.premaster(), s.verify(), s.trust(), s.identity());
    }

    static ClientSettings groups(ClientSettings s, NamedGroup... groups) {
        return new ClientSettings(s.versions(), s.suites(), List.of(groups), s.sni(), s.alpn(), s.tickets(),
                s.pskMode(), s.keyShare(), s.premaster(), s.verify(), s.trust(), s.identity());
    }

    static ClientSettings with(ClientSettings s, KeyShareMode mode) {
        return new ClientSettings(s.versions(), s.suites(), s.groups(), s.sni(), s.alpn(), s.tickets(), s.pskMode(),
                mode, s.premaster(), s.verify(), s.trust(), s.identity());
    }

    static ClientSettings with(ClientSettings s, VerifyMode mode) {
        return new ClientSettings(s.versions(), s.suites(), s.groups(), s.sni(), s.alpn(), s.tickets(), s.pskMode(),
                s.keyShare(), s.premaster(), mode, s.trust(), s.identity());
    }

    static ClientSettings with(ClientSettings s, ClientIdentity identity) {
        return new ClientSettings(s.versions(), s.suites(), s.groups(), s.sni(), s.alpn(), s.tickets(), s.pskMode(),
                s.keyShare(), s.premaster(), s.verify(), s.trust(), identity);
    }

    static ClientSettings with(ClientSettings s, PskMode mode) {
        return new ClientSettings(s.versions(), s.suites(), s.groups(), s.sni(), s.alpn(), s.tickets(), mode,
                s.keyShare(), s.premaster(), s.verify(), s.trust(), s.identity());
    }

    static ClientSettings withoutTickets(ClientSettings s) {
        return new ClientSettings(s.versions(), s.suites(), s.groups(), s.sni(), s.alpn(), false, s.pskMode(),
                s.keyShare(), s.premaster(), s.verify(), s.trust(), s.identity());
    }
}
