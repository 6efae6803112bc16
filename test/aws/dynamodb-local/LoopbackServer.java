import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * DynamoDB Local in memory, on the loopback alone: its own program listens on every interface of the machine and has
 * no option against that. Run as a source file: java -cp 'jars/*' LoopbackServer.java PORT
 */
final class LoopbackServer {
    public static void main(String[] arguments) throws Exception {
        String[] options = {"-inMemory", "-port", arguments[0]};
        DynamoDBProxyServer dynamodb = ServerRunner.createServerFromCommandLineArgs(options);
        var field = DynamoDBProxyServer.class.getDeclaredField("server");
        field.setAccessible(true);
        var connectors = ((Server) field.get(dynamodb)).getConnectors();
        for (var connector : connectors) {
            ((ServerConnector) connector).setHost("127.0.0.1");
        }
        dynamodb.start();
        dynamodb.join();
    }
}
