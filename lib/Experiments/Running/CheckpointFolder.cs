using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>
/// Checkpoints of work that consists of several trainings: the checkpoint of a finished training stays until the result of all is stored.
/// </summary>
/// <param name="folder">Folder of the files; created if it does not exist.</param>
/// <param name="notice">Receives a message if something is wrong with a file; may be null.</param>
internal sealed class CheckpointFolder(string folder, Action<string>? notice)
{
    private readonly List<Checkpoints> _checkpoints = [];

    /// <summary>The checkpoint of one training.</summary>
    /// <param name="identity">Everything that determines the training, as text.</param>
    public Checkpoints Next(string identity)
    {
        var path = Path.Combine(folder, ContentHash.HashText(identity)[..24] + ".checkpoint");
        _checkpoints.Add(new Checkpoints(path, message => notice?.Invoke(message)) { RemoveAtEnd = false });
        return _checkpoints[^1];
    }

    /// <summary>Deletes the checkpoints of all trainings; call it when the result is stored.</summary>
    public void Remove() => _checkpoints.ForEach(checkpoints => checkpoints.Remove());
}
