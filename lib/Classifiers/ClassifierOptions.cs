using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of a system that learns devices; each kind makes its own.</summary>
/// <remarks>
/// A new system is one file: a record derived from this with an <see cref="OptionsKindAttribute"/>, and the class that it makes.
/// </remarks>
public abstract record ClassifierOptions : Options
{
    /// <summary>Makes the system, which has learnt nothing yet.</summary>
    /// <param name="context">What it is made for.</param>
    /// <exception cref="OptionsException">The settings cannot be used, or not with this front end.</exception>
    public IDeviceClassifier Create(ClassifierContext context)
    {
        var problems = Problems().Concat(ProblemsWith(context.FrontEnd.Options)).ToList();
        return problems.Count == 0 ? Make(context) : throw new OptionsException(GetType().Name, problems);
    }

    /// <summary>Every reason why the system cannot learn from samples of this front end, one sentence each; empty when it can.</summary>
    /// <param name="frontEnd">How recordings become samples.</param>
    public virtual IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd) => [];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => [];

    /// <summary>Makes the system.</summary>
    /// <param name="context">What it is made for.</param>
    protected abstract IDeviceClassifier Make(ClassifierContext context);
}
