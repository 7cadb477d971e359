using NetMQ;
using NetMQ.Sockets;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// The five sockets of a kernel. Only the thread that calls <see cref="Run"/> uses them; other threads queue their messages for it.
/// </summary>
internal sealed class Channels : IDisposable
{
    // Any local process can connect to the port and send frames before a signature is checked: this limits the memory they can take.
    private const long MaxFrameBytes = 64L << 20;

    private readonly RouterSocket _shell = new(), _control = new(), _stdin = new(), _heartbeat = new();
    private readonly PublisherSocket _iopub = new();
    private readonly NetMQQueue<(NetMQSocket Socket, IReadOnlyList<byte[]> Frames)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly MessageSigner _signer;
    private readonly Lock _gate = new();
    private bool _closed;

    /// <exception cref="NetMQException">A port is in use.</exception>
    public Channels(ConnectionFile connection)
    {
        _signer = new MessageSigner(connection.Key);
        (NetMQSocket, int)[] sockets =
        [
            (_shell, connection.ShellPort), (_control, connection.ControlPort), (_stdin, connection.StdinPort),
            (_heartbeat, connection.HbPort), (_iopub, connection.IopubPort),
        ];
        foreach (var (socket, port) in sockets)
        {
            // The last messages are still delivered when the kernel ends.
            socket.Options.Linger = TimeSpan.FromSeconds(1);
            socket.Options.MaxMsgSize = MaxFrameBytes;
            socket.Bind(connection.Address(port));
        }

        // A slow client must not lose the end of a long output.
        _iopub.Options.SendHighWatermark = 0;
        _shell.ReceiveReady += (_, e) => Receive(e.Socket, m => Received?.Invoke(m, false));
        _control.ReceiveReady += (_, e) => Receive(e.Socket, m => Received?.Invoke(m, true));
        _stdin.ReceiveReady += (_, e) => Receive(e.Socket, _ => { });
        _heartbeat.ReceiveReady += (_, e) => e.Socket.TrySendMultipartMessage(e.Socket.ReceiveMultipartMessage());
        _outgoing.ReceiveReady += (_, e) => Drain();
        _poller = [_shell, _control, _stdin, _heartbeat, _iopub, _outgoing];
    }

    /// <summary>A correctly signed message arrived; the flag is true for the control channel.</summary>
    public event Action<JupyterMessage, bool>? Received;

    /// <summary>A message was rejected; the text is the reason.</summary>
    public event Action<string>? Rejected;

    /// <summary>Serves the sockets until <see cref="Stop"/>.</summary>
    public void Run() => _poller.Run();

    public void Stop() => _poller.StopAsync();

    public void Reply(JupyterMessage message, bool control) => Send(control ? _control : _shell, message);

    public void Publish(JupyterMessage message) => Send(_iopub, message);

    public void Dispose()
    {
        lock (_gate)
            _closed = true;
        Drain();
        _poller.Dispose();
        _outgoing.Dispose();
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _heartbeat, _iopub })
            socket.Dispose();
        NetMQConfig.Cleanup();
    }

    // A cell that still runs after the shutdown may send messages, which are dropped. The message is serialised here, so that an error
    // occurs in the sending thread and not in the thread of the sockets.
    private void Send(NetMQSocket socket, JupyterMessage message)
    {
        var frames = message.ToFrames(_signer);
        lock (_gate)
        {
            if (!_closed)
                _outgoing.Enqueue((socket, frames));
        }
    }

    private void Drain()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
            next.Socket.TrySendMultipartMessage(new NetMQMessage(next.Frames));
    }

    private void Receive(NetMQSocket socket, Action<JupyterMessage> handle)
    {
        var frames = socket.ReceiveMultipartBytes();
        if (JupyterMessage.Parse(frames, _signer, out var reason) is { } message)
            handle(message);
        else
            Rejected?.Invoke(reason);
    }
}
