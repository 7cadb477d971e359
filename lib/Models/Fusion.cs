namespace DeviceId.Models;

/// <summary>How two branches become one (paper, Section 5.1 and Table 8).</summary>
public enum Fusion
{
    /// <summary>A weight for each branch, learnt from both; the weighted branches are added.</summary>
    Attention,

    /// <summary>The branches side by side.</summary>
    Concatenation,
}
