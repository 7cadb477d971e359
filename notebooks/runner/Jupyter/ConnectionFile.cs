using System.Net;
using System.Text.Json;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Where a Jupyter client wants the kernel to listen, and the key that both sign with.</summary>
internal sealed record ConnectionFile(string Transport, string Ip, int ShellPort, int IopubPort, int StdinPort, int ControlPort, int HbPort,
    string SignatureScheme, string Key)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads what the client wrote and refuses what would let somebody else in.</summary>
    /// <exception cref="NotebookException">Not readable, not on the loopback address, or without a key.</exception>
    public static ConnectionFile Read(string path)
    {
        ConnectionFile file;
        try
        {
            file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path), Names) ?? throw new JsonException("it is empty");
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path}: no connection file of Jupyter: {problem.Message}", problem);
        }

        if (file.Transport is not (null or "tcp"))
            throw new NotebookException($"{path}: transport '{file.Transport}' is not supported: only tcp.");
        if (!IPAddress.TryParse(file.Ip == "localhost" ? "127.0.0.1" : file.Ip, out var address) || !IPAddress.IsLoopback(address))
            throw new NotebookException($"{path}: the kernel runs whatever it is sent, so it listens on this machine alone: ip must be 127.0.0.1, not '{file.Ip}'.");
        if (file.SignatureScheme is not (null or MessageSigner.Scheme))
            throw new NotebookException($"{path}: signature scheme '{file.SignatureScheme}' is not supported: only {MessageSigner.Scheme}.");
        if (string.IsNullOrEmpty(file.Key))
            throw new NotebookException($"{path}: there is no key, so anybody on this machine could send code: refused.");
        return file with { Ip = address.ToString() };
    }

    /// <summary>The address of one channel.</summary>
    public string Address(int port) => Ip.Contains(':', StringComparison.Ordinal) ? $"tcp://[{Ip}]:{port}" : $"tcp://{Ip}:{port}";
}
