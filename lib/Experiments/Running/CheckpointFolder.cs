using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>Checkpoints of work that consists of several trainings: a finished one is kept until all of the work is stored.</summary>
/// <param name="folder">Where the files lie; made when missing.</param>
/// <param name="notice">Told in a sentence what went wrong with a file; null for nobody.</param>
internal sealed class CheckpointFolder(string folder, Action<string>? notice)
{
    private readonly List<Checkpoints> _given = [];

    /// <summary>The checkpoint of one training.</summary>
    /// <param name="identity">All that determines it.</param>
    public Checkpoints Next(string identity)
    {
        var path = Path.Combine(folder, ContentHash.HashText(identity)[..24] + ".checkpoint");
        _given.Add(new Checkpoints(path, sentence => notice?.Invoke(sentence)) { RemoveAtEnd = false });
        return _given[^1];
    }

    /// <summary>The work is stored: deletes the checkpoints of its trainings.</summary>
    public void Remove() => _given.ForEach(checkpoints => checkpoints.Remove());
}
