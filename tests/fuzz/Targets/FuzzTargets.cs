namespace DeviceId.Fuzz;

/// <summary>All readers of files.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new WaveTarget(), new SphereTarget(), UncompressedTarget.Aiff, UncompressedTarget.Wave64, UncompressedTarget.Au,
        new NAudioTarget(), new ProbeTarget(),
        new MatlabTarget(), new FeaturesTarget(),
        .. ModelTargets.All, new PhoneModelTarget(),
        new ResultTarget(), new ScoresTarget(), new StudyTarget(), new NotebookTarget(), new ListingTarget(), new TableTarget(),
    ];

    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static FuzzTarget Find(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException(
            $"There is no target '{name}'; there are {string.Join(", ", All.Select(target => target.Name))}.", nameof(name));
}
