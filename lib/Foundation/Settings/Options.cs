namespace DeviceId.Foundation;

/// <summary>Base of all settings: immutable records that report all problems at once.</summary>
/// <remarks>Settings never hold the device or the number of threads: hardware must not change an experiment.</remarks>
public abstract record Options
{
    /// <summary>Every problem of these settings, one sentence each; empty if they can be used.</summary>
    public abstract IEnumerable<string> Problems();

    /// <summary>Throws if the settings cannot be used.</summary>
    /// <exception cref="DeviceIdException">The settings have problems; the message lists them all.</exception>
    public void Validate()
    {
        var problems = Problems().ToList();
        if (problems.Count > 0)
            throw new OptionsException(GetType().Name, problems);
    }
}
