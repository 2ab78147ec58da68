package io.github.horkd.examples.watchlist;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;

/**
 * Connections that ask for nothing: only so many of one client, and none for longer than a time. A connection brings one request, so that one without a whole
 * head has brought none.
 */
final class Connections implements Connection.Listener, AutoCloseable {

    static final int MOST = 512;
    static final int MOST_OF_A_CLIENT = 64;

    private final Map<Connection, InetAddress> open = new ConcurrentHashMap<>();
    private final long patience;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "connections");
        thread.setDaemon(true);
        return thread;
    });

    Connections(Duration patience) {
        this.patience = patience.toMillis();
        long often = Math.max(50, this.patience / 4);
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, often, often, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress client) {
            long others =
                    open.values().stream().filter(client.getAddress()::equals).count();
            open.put(connection, client.getAddress());
            if (others >= MOST_OF_A_CLIENT) {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    private void sweep() {
        long now = System.currentTimeMillis();
        open.keySet().stream()
                .filter(connection ->
                        connection.getMessagesIn() == 0 && now - connection.getCreatedTimeStamp() > patience)
                .forEach(connection -> connection.getEndPoint().close());
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
